import { maskPhone } from "./mask-contact.ts";
import { type Reading, type Span, spanIn } from "./reading.ts";

/** What is shorter is found by chance in dates, prices and ids. */
const LONG = 7;

/** Phone numbers that are somebody's, prepared to be found whatever stands between their digits. */
export interface KnownNumbers {
  readonly digits: ReadonlySet<string>;
  /** How many digits they have, without repetition. */
  readonly lengths: readonly number[];
}

/** @param digits of each number; of the long ones also their end is known, without a country's code */
export function knownNumbers(digits: Iterable<string>): KnownNumbers {
  const all = new Set<string>();
  for (const number of digits) {
    all.add(number);
    if (number.length > 9) all.add(number.slice(-8));
  }
  const lengths = new Set(Array.from(all, ({ length }) => length).filter((long) => long >= LONG));
  return { digits: all, lengths: [...lengths] };
}

/** The phone numbers of a text, each with what is shown in its place. */
export function findNumbers(readings: readonly Reading[], known: KnownNumbers): Span[] {
  return readings.flatMap((reading) => [...likely(reading, known), ...somebodys(reading, known)]);
}

const month = "(?:0?[1-9]|1[0-2])";
const day = "(?:0?[1-9]|[12][0-9]|3[01])";
const year = "(?:19|20)[0-9]{2}";
const clock = "(?:[01]?[0-9]|2[0-3])";
const hour = `${clock}[.:][0-5][0-9]`;
const currency = "(?:SEK|DKK|NOK|ISK|EUR|USD|GBP|CHF|PLN|kr|[€$£¥])";
const amount = String.raw`(?:\d{1,3}(?:[ .,']\d{3}){1,3}|\d{1,7})(?:[.,]\d{2})?`;
const alone = { before: String.raw`(?<!\d[:;,_·]?)`, after: String.raw`(?![:;_·]?\d)` };

/** Numbers that nobody calls: ids, days, times of day, prices, numbers of bookings, postal codes. */
const harmless = new RegExp(
  [
    String.raw`\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b`,
    String.raw`\b(?=\d*[a-f])[0-9a-f]{32}(?:[0-9a-f]{8}|[0-9a-f]{32})?\b`,
    String.raw`(?<!\d)(?:${year}-${month}-${day}|${day}[./-]\s?${month}[./-]\s?${year}|${month}/${day}/${year})(?!\d)(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?!\d))?`,
    String.raw`(?<!\d)${year}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])T\d{6}(?!\d)`,
    String.raw`(?<!\d)${hour}\s?[-–]\s?${hour}(?!\d)`,
    String.raw`(?<!\d|\d[:;_·])${clock}:[0-5]\d(?::[0-5]\d)?${alone.after}`,
    String.raw`(?<![\p{L}\d])${currency}\.?\s?${amount}(?![.,]?\d)`,
    String.raw`${alone.before}${amount}\s?${currency}(?![\p{L}\d])`,
    String.raw`${alone.before}\d{1,3}(?:(?:[ .]\d{3}){1,4},\d{2}|(?:,\d{3}){1,4}(?:\.\d{2})?)(?![.,]?\d)`,
    String.raw`(?<![\p{L}\d&])#\d{1,9}(?![\d-])`,
    String.raw`\b[A-Z]{2}\s\d{5}-\d{4}(?![\d-])`,
  ].join("|"),
  "giu",
);
const numberLike = /[+(]{0,2}\d(?:(?:[\s().\-/\u2010-\u2015]{0,3}|[,_·:;|*~+'•])\d){3,}/gu;

/** What may be anybody's number: seven digits and more, or as many as a known one has. */
function likely(reading: Reading, known: KnownNumbers): Span[] {
  // Of the same length, so that indexes stay; a letter ends a number.
  const rest = reading.text.replace(harmless, (found) => "x".repeat(found.length));
  return Array.from(rest.matchAll(numberLike)).flatMap(({ 0: number, index }) => {
    const digits = number.replaceAll(/\D/g, "");
    if (digits.length < LONG && !known.digits.has(digits)) return [];
    return [spanIn(reading, index, index + number.length, maskPhone(number))];
  });
}

/** Digits of which no two are further apart than signs between them take. */
const cluster = /[+(]{0,2}\d(?:[^\p{L}\d]{0,4}\d){6,}/gu;

/** Somebody's number, be it in the shape of a date or a price, and with whatever signs in it. */
function somebodys(reading: Reading, known: KnownNumbers): Span[] {
  if (known.lengths.length === 0) return [];
  return Array.from(reading.text.matchAll(cluster)).flatMap(({ 0: text, index }) => {
    const places = Array.from(text.matchAll(/\d/g), (digit) => digit.index);
    const digits = places.map((place) => text.charAt(place)).join("");
    return known.lengths.flatMap((length) =>
      windows(digits, length, known).map((first) => {
        const start = first === 0 ? 0 : (places[first] ?? 0);
        const end = (places[first + length - 1] ?? 0) + 1;
        return spanIn(reading, index + start, index + end, maskPhone(text.slice(start, end)));
      }),
    );
  });
}

/** Where a known number of this length begins among the digits. */
function windows(digits: string, length: number, known: KnownNumbers): number[] {
  const found: number[] = [];
  for (let first = 0; first + length <= digits.length; first += 1) {
    if (known.digits.has(digits.slice(first, first + length))) found.push(first);
  }
  return found;
}
