import { access } from "../../messages/access.ts";

const browsers: readonly (readonly [mark: RegExp, name: string])[] = [
  [/\bEdgA?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\b(Chrome|CriOS|Chromium|HeadlessChrome)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];

const systems: readonly (readonly [mark: RegExp, name: string])[] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\b(Macintosh|Mac OS X)\b/, "Mac"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

/**
 * What a browser calls itself, in words: `Firefox on Windows`.
 * @param userAgent its `User-Agent` header, if it sent one
 */
export function deviceOf(userAgent: string | null): { words: string; isPhone: boolean } {
  const named = (list: typeof browsers, other: string): string =>
    list.find(([mark]) => mark.test(userAgent ?? ""))?.[1] ?? other;
  const words = access.account.device(
    named(browsers, access.account.unknownBrowser),
    named(systems, access.account.unknownSystem),
  );
  return { words, isPhone: /\b(iPhone|Android)\b/.test(userAgent ?? "") };
}
