import { insideOf, maskEmail } from "./mask-contact.ts";
import { type Reading, readingsOf, rewritten, type Span, spanIn } from "./reading.ts";

/** A word with an at sign inside; what stands around it without a space is hidden with it. */
const emailWord = /(?<!\S)\S*[^\s@]@[^\s@]\S*/gu;

const label = String.raw`[\p{L}\d](?:[\p{L}\d-]{0,62})`;
const spelledDot = String.raw`(?:\s{0,3}[([{<]\s{0,3}(?:dot|punkt|prik)\s{0,3}[)\]}>]\s{0,3}|\s{1,3}dot\s{1,3})`;
const spacedDot = String.raw`\s{1,3}\.\s{0,3}(?=[\p{L}\d])`;
const dot = String.raw`(?:\.|${spelledDot}|${spacedDot})`;
/** What follows begins like the name of a host. */
const host = String.raw`(?=${label}(?:${dot}${label}){0,4}${dot}\p{L}{2})`;
const hostSpelled = String.raw`(?=${label}${spelledDot}\p{L}{2})`;

/** An at sign as people write it for people; `place` is whatever follows a plain "at". */
const spelledAt = new RegExp(
  [
    String.raw`\s{0,3}[([{<]\s{0,3}(?:at|@)\s{0,3}[)\]}>]\s{0,3}(?=[\p{L}\d])`,
    String.raw`\s{1,3}@\s{0,3}${host}`,
    String.raw`(?<!\s)@\s{1,3}${host}`,
    String.raw`\s{1,3}at\s{1,3}${hostSpelled}`,
    String.raw`\s{1,3}at\s{1,3}(?=(?<place>[\p{L}\d][\p{L}\d.-]{0,252}))`,
  ].join("|"),
  "giu",
);
const spelledDots = new RegExp(String.raw`${spelledDot}(?=[\p{L}\d])|${spacedDot}`, "giu");

/** The e-mail addresses of a text, each with what is shown in its place. */
export function findEmails(
  readings: readonly Reading[],
  domains: ReadonlySet<string> = new Set(),
): Span[] {
  return readings.flatMap((reading) => {
    const spoken = withoutSpelling(reading, domains);
    return spoken === reading ? emailsIn(reading) : [...emailsIn(reading), ...emailsIn(spoken)];
  });
}

/** Whether the text has an e-mail address, however it is written. */
export function hasEmail(text: string): boolean {
  return findEmails(readingsOf(text)).length > 0;
}

function emailsIn(reading: Reading): Span[] {
  return Array.from(reading.text.matchAll(emailWord), ({ 0: word, index }) => {
    const [start, end] = insideOf(word);
    return spanIn(reading, index + start, index + end, maskEmail(word.slice(start, end)));
  });
}

/** @param domains a plain "at" is an at sign before these */
function withoutSpelling(reading: Reading, domains: ReadonlySet<string>): Reading {
  const withSigns = rewritten(reading, spelledAt, ({ 0: whole, groups }) => {
    const place = groups?.["place"]?.toLowerCase().replace(/[.-]+$/, "");
    return place === undefined || domains.has(place) ? "@" : whole;
  });
  const hasSign = withSigns.text.includes("@");
  return hasSign ? rewritten(withSigns, spelledDots, () => ".") : withSigns;
}
