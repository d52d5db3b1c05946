import type { BookingResource } from "@slotwire/contract";
import { isRecord } from "../is-record.ts";
import { findEmails, hasEmail } from "./find-emails.ts";
import { findNumbers, type KnownNumbers, knownNumbers } from "./find-numbers.ts";
import { digitsOf, HIDDEN } from "./mask-contact.ts";
import { masked, type Reading, readingsOf, type Span, spanIn } from "./reading.ts";

/** Shorter ones would be found by chance in any text. */
const SHORTEST = 4;

/** The phone numbers and e-mail addresses that are known to be in a booking. */
export interface KnownContacts {
  /** In lower case. */
  readonly emails: readonly string[];
  /** What stands behind the at sign in them. */
  readonly domains: ReadonlySet<string>;
  /** The digits of phone numbers. */
  readonly digits: ReadonlySet<string>;
  readonly numbers: KnownNumbers;
  /** Finds those that do not look like what they are; null when all do. */
  readonly odd: RegExp | null;
}

/** What is known of the people of a booking, and of those it had before a change. */
export function knownContacts(
  booking: BookingResource | undefined,
  previous: Readonly<Record<string, unknown>> = {},
): KnownContacts {
  const before: readonly unknown[] = Array.isArray(previous["attendees"])
    ? previous["attendees"]
    : [];
  const people: readonly unknown[] = [
    ...(booking?.attendees ?? []),
    booking?.customer,
    booking?.provider,
    previous["customer"],
    ...before,
  ];
  const emails = textsOf(people, "email");
  const phones = textsOf(people, "phone");
  const odd = [
    ...emails.filter((email) => /\s/.test(email) || !hasEmail(email)),
    ...phones.filter((phone) => !isNumber(phone)),
  ].flatMap((text) => [text, plainest(text)]);
  const long = odd.filter((text) => text.length >= SHORTEST);
  const plain = emails.map((email) => plainest(email).toLowerCase()).filter((text) => text !== "");
  const digits = phones.flatMap((phone) => [digitsOf(phone), digitsOf(plainest(phone))]);
  const known = new Set(digits.filter((number) => number.length >= SHORTEST));
  return {
    emails: plain,
    domains: new Set(plain.map((email) => email.slice(email.indexOf("@") + 1))),
    digits: known,
    numbers: knownNumbers(known),
    odd: long.length === 0 ? null : new RegExp(long.map(escaped).join("|"), "giu"),
  };
}

/** A text as it reads once all is decoded. */
const plainest = (text: string): string => readingsOf(text).at(-1)?.text ?? text;

function textsOf(people: readonly unknown[], name: "email" | "phone"): string[] {
  const values = people.map((person) => (isRecord(person) ? person[name] : null));
  return values.filter((value): value is string => typeof value === "string" && value !== "");
}

/** Whether a phone number is recognised in a text by its digits alone. */
function isNumber(phone: string): boolean {
  if (/\p{L}/u.test(phone)) return false;
  const found = findNumbers(readingsOf(phone), knownNumbers([digitsOf(phone)]));
  const [first, last] = [phone.search(/\p{Nd}/u), phone.search(/\p{Nd}\P{Nd}*$/u)];
  return found.some(({ start, end }) => start <= first && end > last);
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);

/** @returns the text with every phone number and e-mail address in it masked */
export function maskText(text: string, known: KnownContacts): string {
  const readings = readingsOf(text);
  return masked(text, [
    ...readings.flatMap((reading) => findOdd(reading, known)),
    ...findEmails(readings, known.domains),
    ...findNumbers(readings, known.numbers),
  ]);
}

function findOdd(reading: Reading, { odd }: KnownContacts): Span[] {
  if (odd === null) return [];
  return Array.from(reading.text.matchAll(odd), ({ 0: found, index }) =>
    spanIn(reading, index, index + found.length, HIDDEN),
  );
}

/** Whether a text of a program, which may have any letters around it, names somebody known. */
export function namesKnown(text: string, known: KnownContacts): boolean {
  return readingsOf(text).some((reading) => {
    const lower = reading.text.toLowerCase();
    const digits = digitsOf(lower);
    return (
      known.emails.some((email) => lower.includes(email)) ||
      [...known.digits].some((number) => digits.includes(number)) ||
      (known.odd !== null && reading.text.search(known.odd) !== -1)
    );
  });
}

/**
 * An id that a source gave. iCalendar's look like e-mail addresses, and numbers like phones: only
 * what is known to be somebody's is masked in them.
 */
export function maskId(id: string, known: KnownContacts): string {
  return namesKnown(id, known) ? HIDDEN : id;
}

/** The text with each e-mail address in it masked. */
export function maskEmailsIn(text: string): string {
  return masked(text, findEmails(readingsOf(text)));
}
