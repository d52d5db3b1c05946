import type { BookingResource } from "@slotwire/contract";
import { isRecord } from "../is-record.ts";
import { digitsOf, hasEmail, HIDDEN, maskEmailsIn, maskPhonesIn } from "./mask-contact.ts";

/** Shorter ones would be found by chance in any text. */
const SHORTEST = 4;

/** The phone numbers and e-mail addresses that are known to be in a booking. */
export interface KnownContacts {
  /** In lower case. */
  readonly emails: readonly string[];
  /** The digits of phone numbers. */
  readonly digits: ReadonlySet<string>;
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
    ...before,
  ];
  const emails = textsOf(people, "email");
  const phones = textsOf(people, "phone");
  const odd = [
    ...emails.filter((email) => /\s/.test(email) || !hasEmail(email)),
    ...phones.filter((phone) => !isMasked(phone)),
  ].filter((text) => text.length >= SHORTEST);
  return {
    emails: emails.map((email) => email.toLowerCase()),
    digits: new Set(phones.map(digitsOf).filter((digits) => digits.length >= SHORTEST)),
    odd: odd.length === 0 ? null : new RegExp(odd.map(escaped).join("|"), "giu"),
  };
}

function textsOf(people: readonly unknown[], name: "email" | "phone"): string[] {
  const values = people.map((person) => (isRecord(person) ? person[name] : null));
  return values.filter((value): value is string => typeof value === "string" && value !== "");
}

/** Whether a phone number is recognised in a text by its digits alone. */
function isMasked(phone: string): boolean {
  const masked = maskPhonesIn(phone, () => true);
  return masked !== phone && !/\p{L}/u.test(phone);
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);

/** @returns the text with every phone number and e-mail address in it masked */
export function maskText(text: string, known: KnownContacts): string {
  const rest = known.odd === null ? text : text.replace(known.odd, HIDDEN);
  return maskPhonesIn(maskEmailsIn(rest), (digits) => known.digits.has(digits));
}

/**
 * An id that a source gave. iCalendar's look like e-mail addresses, and numbers like phones: only
 * what is known to be somebody's is masked in them.
 */
export function maskId(id: string, known: KnownContacts): string {
  const lower = id.toLowerCase();
  const digits = digitsOf(id);
  const isTold =
    known.emails.some((email) => lower.includes(email)) ||
    [...known.digits].some((number) => digits.includes(number)) ||
    (known.odd !== null && id.search(known.odd) !== -1);
  return isTold ? HIDDEN : id;
}
