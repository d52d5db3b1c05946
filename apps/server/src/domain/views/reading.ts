/*
 * How a text reads to whoever looks for contact data in it. People and programs write one address in
 * many ways: in other scripts' digits, with characters that nobody sees, encoded once or twice. A
 * reading is the text without that, and remembers for each character where it stands in the text, so
 * that what is found is masked there and everything else stays letter for letter.
 */

/** A text as it was understood. */
export interface Reading {
  readonly text: string;
  /** Where the character at this index begins in the text that was given. */
  startOf(index: number): number;
  /** Where it ends. */
  endOf(index: number): number;
}

/** A part of a text, and what is to stand in its place. */
export interface Span {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly mask: string;
}

/** Encoded twice and written as entities, say. A limit keeps the time linear. */
const MOST_LAYERS = 5;

/**
 * The text as it reads at once, and after each decoding: what is nothing in one may be a number in
 * the next, and the other way round. Each takes time in proportion to the text's length.
 * @returns at least one, at most six
 */
export function readingsOf(text: string): readonly Reading[] {
  let last = folded({ text, startOf: (index) => index, endOf: (index) => index + 1 });
  const readings = [last];
  while (readings.length <= MOST_LAYERS) {
    const next = rewritten(last, encoded, decode);
    if (next === last) break;
    last = folded(next);
    readings.push(last);
  }
  return readings;
}

/**
 * The reading with every match of `pattern` replaced.
 * @param pattern global
 * @param replace may give the match back as it is
 * @returns the same object when nothing changes
 */
export function rewritten(
  reading: Reading,
  pattern: RegExp,
  replace: (match: RegExpMatchArray) => string,
): Reading {
  const { text } = reading;
  const parts: string[] = [];
  // Indexes of `text` at which each character of the new text begins and ends.
  const starts: number[] = [];
  const ends: number[] = [];
  let done = 0;
  const keepUntil = (end: number): void => {
    parts.push(text.slice(done, end));
    for (let index = done; index < end; index += 1) {
      starts.push(index);
      ends.push(index + 1);
    }
  };
  for (const match of text.matchAll(pattern)) {
    const replacement = replace(match);
    if (replacement === match[0]) continue;
    const end = match.index + match[0].length;
    keepUntil(match.index);
    parts.push(replacement);
    for (let count = 0; count < replacement.length; count += 1) {
      starts.push(match.index);
      ends.push(end);
    }
    done = end;
  }
  if (done === 0) return reading;
  keepUntil(text.length);
  return {
    text: parts.join(""),
    startOf: (index) => reading.startOf(starts[index] ?? 0),
    endOf: (index) => reading.endOf((ends[index] ?? 1) - 1),
  };
}

/** Where in the text that was given the part of the reading stands. */
export function spanIn(reading: Reading, start: number, end: number, mask: string): Span {
  return { start: reading.startOf(start), end: reading.endOf(end - 1), mask };
}

/** Percent-encoding (RFC 3986 §2.1) of one character of UTF-8, and HTML's character references. */
const encoded =
  /%[0-7][\da-f]|%[cd][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[0-7](?:%[89ab][\da-f]){3}|&(?:#\d{1,7}|#x[\da-f]{1,6}|(?:amp|colon|comma|commat|dash|hyphen|lowbar|lpar|lsqb|nbsp|num|percnt|period|plus|rpar|rsqb|semi|shy|sol)(?=;));?/gi;

const references: Readonly<Record<string, string>> = {
  amp: "&",
  colon: ":",
  comma: ",",
  commat: "@",
  dash: "-",
  hyphen: "-",
  lowbar: "_",
  lpar: "(",
  lsqb: "[",
  nbsp: " ",
  num: "#",
  percnt: "%",
  period: ".",
  plus: "+",
  rpar: ")",
  rsqb: "]",
  semi: ";",
  shy: "",
  sol: "/",
};

function decode([whole]: RegExpMatchArray): string {
  if (whole.startsWith("%")) return decodePercent(whole);
  const name = whole.slice(1).replace(";", "").toLowerCase();
  if (!name.startsWith("#")) return references[name] ?? whole;
  const code = Number.parseInt(name.replace(/^#x?/, ""), name.startsWith("#x") ? 16 : 10);
  return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}

function decodePercent(bytes: string): string {
  try {
    return decodeURIComponent(bytes);
  } catch {
    return bytes;
  }
}

/** Everything but what ASCII shows. */
const unusual = /[^\t-\r -~]/gu;
/** What takes no room of its own: it joins, hyphenates, marks, directs, or shows nothing. */
const invisible = /^[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{Mn}\p{Me}\p{Cs}\u2800]$/u;

function folded(reading: Reading): Reading {
  return rewritten(reading, unusual, ([character]) => foldCharacter(character));
}

/**
 * The character in its plainest form (Unicode's NFKC): digits of every script as ASCII's, full-width
 * signs as narrow ones, nothing for what is not seen.
 */
function foldCharacter(character: string): string {
  if (invisible.test(character)) return "";
  // The full stop that names of hosts may have (UTS #46).
  if (character === "。") return ".";
  return character.normalize("NFKC").replaceAll(/\p{Nd}/gu, asciiDigit);
}

/** Decimal digits stand in Unicode in rows from zero to nine; a few rows follow each other. */
export function asciiDigit(digit: string): string {
  const code = digit.normalize("NFKC").codePointAt(0) ?? 0;
  if (code < 0x80) return String(code - 0x30);
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before += 1;
  return String(before % 10);
}

/** The text with every span masked; those that meet are masked as one, by the widest one's mask. */
export function masked(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  const parts: string[] = [];
  let done = 0;
  for (const { start, end, mask } of united(spans)) {
    parts.push(text.slice(done, start), mask);
    done = end;
  }
  parts.push(text.slice(done));
  return parts.join("");
}

function united(spans: readonly Span[]): Span[] {
  const sorted = spans.toSorted((one, other) => one.start - other.start || other.end - one.end);
  const result: Span[] = [];
  for (const span of sorted) {
    const last = result.at(-1);
    if (last === undefined || span.start >= last.end) result.push(span);
    else if (span.end > last.end) result[result.length - 1] = { ...last, end: span.end };
  }
  return result;
}
