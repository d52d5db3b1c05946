/** JSON that no program writes by itself: it stands in the text as it is. */
const raws = ["1e400", "-1e400", "-0", "1E+2", "0.1e-400", "123456789012345678901234567890"];

/** Marks a text that is written into the JSON without its quotes. */
const MARK = "raw json:";

const dates = [
  "0000-00-00T00:00:00Z",
  "0001-01-01T00:00:00Z",
  "-000001-01-01T00:00:00Z",
  "-271821-04-20T00:00:00.000Z",
  "+275760-09-13T00:00:00.000Z",
  "+275760-09-13T00:00:00.001Z",
  "+010000-01-01T00:00:00Z",
  "9999-12-31T23:59:59.999999999Z",
  "9999-12-31T23:59:59-23:59",
  "2026-02-30T10:00:00Z",
  "2026-03-29T02:30:00",
  "2026-10-25T02:30:00",
  "2016-12-31T23:59:60Z",
  "2026-01-05T24:00:00Z",
  "2026-01-05T09:00:00+99:99",
  "2026-01-05T09:00:00[Europe/Nowhere]",
  "20260105T090000Z",
  "2026-W01-1",
  "31/12/2026 14:30",
  "infinity",
  "-infinity",
  "now",
  "epoch",
  "1767603600",
  "1767603600000",
  "2026-01-05",
  "0044-03-15 09:00:00 BC",
];

const zones = [
  "Mars/Olympus",
  "UTC+25",
  "GMT+0",
  "+01:00",
  "+23:59:59.5",
  "Etc/GMT+14",
  "europe/warsaw",
  "posix/Europe/Warsaw",
  "../../etc/passwd",
  "US/Pacific-New",
  "localtime",
  "<+03>-3",
];

const texts = [
  "",
  " ",
  "\0",
  "a\0b",
  "\uD800",
  "\uDC00 reversed \uD800",
  "\uFEFF",
  "\uFFFE\uFFFF",
  "\u202E reversed",
  "e\u0301\u0301\u0301",
  "\u0130stanbul",
  "👩‍👩‍👧‍👦",
  "\u2028\u2029\u0085",
  "<script>alert(1)</script>",
  "'; DROP TABLE booking; --",
  "%00%ff",
  "\\u0000",
  "{{7*7}}",
  "=1+1",
  "null",
  "NaN",
  "[object Object]",
  "@",
  "a@b",
  "x".repeat(400).concat("@mail.example"),
  "+00000000000000000000000000",
  "+٤٨ ٦٠٠ ١٠٠ ٢٠٠",
  "https://",
  "javascript:alert(1)",
  "http://[::1",
  "PLN",
  "pln",
  "€",
  "ZZZZ",
  "00000000-0000-0000-0000-000000000000",
  "{}",
  "{1,NULL}",
];

const words = [
  "ACCEPTED",
  "accepted ",
  "CANCELLED",
  "canceled",
  "PENDING",
  "REJECTED",
  "AWAITING_HOST",
  "completed",
  "NO-SHOW",
  "checked_in",
  "in_progress",
  "deleted",
];

const numbers = [
  0,
  -1,
  1.5,
  1e-7,
  1e21,
  1e308,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 63,
  8_640_000_000_000,
  8_640_000_000_000_001,
];

/** Names that mean something to programs. */
export const oddNames = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "length",
  "then",
  "toJSON",
  "",
  "a\0b",
  "\uD800",
  "a.b",
  "0",
  "$ref",
];

function nested(depth: number, isList: boolean): unknown {
  let value: unknown = "deep";
  for (let level = 0; level < depth; level += 1) value = isList ? [value] : { a: value };
  return value;
}

/** Large and deep ones: rare, because each costs as much as a hundred others. */
export const oddStructures: readonly (() => unknown)[] = [
  () => [],
  () => ({}),
  () => [[]],
  () => [null, undefined, ""],
  () => ({ length: 5 }),
  () =>
    JSON.parse('{"__proto__":{"status":"confirmed"},"constructor":{"prototype":{}}}') as unknown,
  () => nested(10, true),
  () => nested(62, false),
  () => nested(70, true),
  () => `${MARK}${"[".repeat(3_000)}${"]".repeat(3_000)}`,
  () => Array.from({ length: 600 }, (_, at) => ({ name: `p${at}`, email: `p${at}@mail.example` })),
  () => Object.fromEntries(Array.from({ length: 1_200 }, (_, at) => [`k${at}`, at])),
  () => "ü".repeat(20_000),
  () => "a ".repeat(100_000),
  () => "9".repeat(5_000),
];

/** Groups of values, each of which is as likely as the others. */
export const oddValues: readonly (readonly unknown[])[] = [
  [null, true, false],
  numbers,
  texts,
  dates,
  dates,
  zones,
  words,
  [...oddNames],
  raws.map((raw) => `${MARK}${raw}`),
];

/** The value as JSON text, in which marked texts stand as they are. */
export function writeJson(value: unknown): string {
  const text = JSON.stringify(value) ?? "null";
  return text.includes(MARK) ? text.replaceAll(/"raw json:([^"\\]*)"/g, "$1") : text;
}
