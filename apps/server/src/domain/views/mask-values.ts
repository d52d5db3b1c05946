import { isRecord } from "../is-record.ts";
import { hasEmail } from "./find-emails.ts";
import { type KnownContacts, maskText, namesKnown } from "./known-contacts.ts";
import { digitsOf, HIDDEN, maskContact } from "./mask-contact.ts";
import { readingsOf } from "./reading.ts";

/** Words in a key that say that its value is a way to reach somebody. */
const contactWords = new Set(
  "mail mails tel tlf cell mobil mobile handy sms whatsapp fax contact".split(" "),
);
const contactPart = /e.?mail|phone|telefon|mobil/;

/** Whether what stands under this key, or answers this question, is a way to reach somebody. */
export function isContactKey(key: string): boolean {
  const words = key.replaceAll(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase();
  return (
    contactPart.test(words) || words.split(/[^\p{L}]+/u).some((word) => contactWords.has(word))
  );
}

/**
 * A value that anybody may have filled, without phone numbers and e-mail addresses: in its texts,
 * its keys and its numbers. Structure and keys stay.
 * @param isContact the value is known to be a way to reach somebody
 */
export function maskValue(value: unknown, known: KnownContacts, isContact = false): unknown {
  if (typeof value === "string") {
    return isContact && /[\p{Nd}@]/u.test(value) ? maskContact(value) : maskText(value, known);
  }
  if (typeof value === "number") {
    const digits = digitsOf(String(value));
    return isContact || digits.length >= 7 || known.digits.has(digits) ? HIDDEN : value;
  }
  if (Array.isArray(value)) return value.map((inner) => maskValue(inner, known, isContact));
  if (!isRecord(value)) return value;
  // The answer to a form's question: `{ label, value }`.
  const { label } = value;
  const asks = typeof label === "string" && isContactKey(label);
  const entries = Object.entries(value).map(([key, inner]) => {
    const reaches = isContact || isContactKey(key) || (asks && key === "value");
    return [maskText(key, known), maskValue(inner, known, reaches)] as const;
  });
  return Object.fromEntries(entries);
}

/** Where else a link may carry a number: to call, to write to, or as a field of a form. */
const callsSomebody = new RegExp(
  [
    String.raw`(?:\+|\btel:|\bsms:|\bcallto:|\bwa\.me\/)(?:[^\p{L}\p{Nd}]{0,3}\p{Nd}){5}`,
    String.raw`[?&](?:[^=&]{0,40}(?:phone|mail|mobil|tel)[^=&]{0,40}|to|number)=[^&]{0,200}(?:(?:\P{Nd}?\p{Nd}){5}|@)`,
  ].join("|"),
  "iu",
);

/**
 * A link is left out if it names somebody's address or number. Numbers alone do not count: the
 * meetings of many services have one.
 */
export function maskUrl(url: string | null, known: KnownContacts): string | null {
  if (url === null) return null;
  const names =
    hasEmail(url) ||
    namesKnown(url, known) ||
    readingsOf(url).some(({ text }) => callsSomebody.test(text) || hasEndOf(text, known));
  return names ? null : url;
}

/** Links to call somebody often leave out the country's code. */
function hasEndOf(text: string, known: KnownContacts): boolean {
  const digits = digitsOf(text);
  return [...known.digits].some((number) => digits.includes(number.slice(-7)));
}
