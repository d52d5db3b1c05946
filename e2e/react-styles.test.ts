import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { build, type BuildEnvironmentOptions } from "vite";
import { closePages, launchBrowser } from "./browser.ts";
import { renderOnServer } from "./bundle-page.ts";

const sheet = fileURLToPath(new URL("../packages/react/src/styles.css", import.meta.url));

let browser: Browser;
let page: Page;
let markup: string;
/** The style sheet as it is, and what a build without any settings makes of it. */
let plain: string;
let built: string;
beforeAll(async () => {
  [browser, markup, plain, built] = await Promise.all([
    launchBrowser(),
    renderOnServer("test/server-page.tsx", 19),
    buildSheet({ cssMinify: false, cssTarget: "esnext" }),
    buildSheet({}),
  ]);
  page = await browser.newPage();
});
afterAll(() => closePages(browser));
afterEach(() => page.emulateMedia({ colorScheme: "light" }));

/** Builds a project that imports the sheet, and does nothing else. */
async function buildSheet(settings: BuildEnvironmentOptions): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), "slotwire-styles-"));
  try {
    writeFileSync(join(root, "index.html"), '<script type="module" src="/main.js"></script>');
    writeFileSync(join(root, "main.js"), `import ${JSON.stringify(sheet)};`);
    const output = await build({
      root,
      configFile: false,
      logLevel: "error",
      build: { ...settings, write: false },
    });
    const files = [output].flat().flatMap((one) => ("output" in one ? one.output : []));
    const styles = files.find(({ fileName }) => fileName.endsWith(".css"));
    if (styles?.type !== "asset") throw new Error("no style sheet was built");
    return String(styles.source);
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** How a page says which scheme it is in, and what somebody's system prefers. */
interface Scheme {
  readonly head?: string;
  readonly html?: string;
  readonly main?: string;
  readonly system?: "light" | "dark";
}

async function open(styles: string, { head = "", html = "", main = "", system }: Scheme = {}) {
  await page.emulateMedia({ colorScheme: system ?? "light" });
  await page.setContent(`<!doctype html><html lang="en" style="${html}"><head>${head}
    <style>${styles}</style></head><body><main style="${main}">${markup}
    <dialog open class="sw sw-modal"><h2 class="sw-title">Title</h2></dialog>
    <div class="sw-cal-com"><div class="sw-cal-com-note"><p>p</p><a href="#">a</a></div></div>
    </main></body></html>`);
}

/** What can be seen of each element. */
const looks = (): Promise<string[]> =>
  page.evaluate(() =>
    [
      ...globalThis.document.querySelectorAll(
        "main [class*='sw-']:not(.sw-check), main [class*='sw-'] *:not(.sw-check)",
      ),
    ].map((element) => {
      const style = getComputedStyle(element);
      const { width, height } = element.getBoundingClientRect();
      const { color, backgroundColor, borderTopWidth, borderTopStyle, padding } = style;
      // Where nothing is drawn, its colour and style do not matter.
      const border =
        borderTopWidth === "0px" ? "none" : `${borderTopStyle} ${style.borderTopColor}`;
      return [
        `${element.tagName}.${element.className}`,
        color,
        backgroundColor,
        borderTopWidth,
        border,
        padding,
        style.fontSize,
        style.fontWeight,
        style.textDecorationLine,
        Math.round(width),
        Math.round(height),
      ].join(" | ");
    }),
  );

/** The panel's text and surface, from 0 for black to 1 for white, and its border. */
const panel = () =>
  page
    .locator(".sw-panel")
    .first()
    .evaluate((element) => {
      const { color, backgroundColor, borderTopColor, borderTopWidth } = getComputedStyle(element);
      const lightness = (given: string): number => {
        const numbers = (given.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
        const sum = numbers.reduce((all, one) => all + one, 0) / 3;
        return given.startsWith("color(") ? sum : sum / 255;
      };
      return {
        text: lightness(color),
        surface: lightness(backgroundColor),
        line: lightness(borderTopColor),
        border: borderTopWidth,
      };
    });

describe("the styles, built by Vite without any settings", () => {
  const meta = '<meta name="color-scheme" content="light dark">';
  const schemes: readonly [string, "light" | "dark", Scheme][] = [
    ["a page that says nothing", "light", {}],
    ["a page that says nothing, where the system is dark", "light", { system: "dark" }],
    ["a page that follows the system, which is light", "light", { head: meta }],
    ["a page that follows the system, which is dark", "dark", { head: meta, system: "dark" }],
    ["a page that is dark", "dark", { html: "color-scheme: dark" }],
    ["a light part of it", "light", { html: "color-scheme: dark", main: "color-scheme: light" }],
    ["a dark part of it", "dark", { html: "color-scheme: light", main: "color-scheme: dark" }],
  ];
  it.each(schemes)("look the same and right on %s", async (_, scheme, how) => {
    await open(plain, how);
    const before = await looks();
    await open(built, how);
    expect(await looks()).toEqual(before);
    const { text, surface, line, border } = await panel();
    expect(border).toBe("1px");
    expect(Math.abs(line - surface)).toBeGreaterThan(0.08);
    if (scheme === "light") expect([text < 0.25, surface]).toEqual([true, 1]);
    else expect([text > 0.75, surface < 0.25]).toEqual([true, true]);
  });
});

/** What widespread resets say of every page's elements, outside of layers. */
const reset = `*, ::before, ::after { box-sizing: border-box; border: 0 solid #e5e7eb }
  h1, h2, h3, h4 { font-size: inherit; font-weight: inherit }
  a { color: inherit; text-decoration: inherit }
  b, strong { font-weight: bolder }
  button, input, select, textarea { font: inherit; letter-spacing: inherit; color: inherit; margin: 0; padding: 0 }
  button, [type="button"], [type="submit"] { background: transparent none }
  h1, h2, h3, h4, p, dl, dd, figure { margin: 0 }
  fieldset, legend, dialog { margin: 0; padding: 0 }
  ol, ul, menu { list-style: none; margin: 0; padding: 0 }
  input::placeholder, textarea::placeholder { opacity: 1; color: #9ca3af }
  [role="button"], button { cursor: pointer }`;

it("keep their borders, fields and links where a page resets all elements", async () => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await open(plain);
  const before = await looks();
  await open(`${plain} ${reset}`);
  expect(await looks()).toEqual(before);
});
