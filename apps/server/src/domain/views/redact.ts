import { isRecord } from "../is-record.ts";
import { digitsOf, HIDDEN } from "./mask-contact.ts";
import { isContactKey } from "./mask-values.ts";

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Of this time: more digits in this shape may be somebody's number. */
const instant =
  /^(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ][0-2]\d:[0-5]\d(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i;
/** A name that a program gave: a key, a member of an enumeration. */
const word = /^[A-Za-z][\w./-]{0,63}$/;
const idValue = /^[\w.:/-]{1,200}$/;

/** Whose values are ids: `id`, `uid`, `bookingId`, `booking_id`, `rescheduleUid`. */
const idKey = /(?:^|[_.-])(?:id|uid|uuid|ids)$|(?:Id|ID|Uid|UID|Uuid|Ids)$/;
const timeKey = /(?:^|[_.-])(?:at|time|date|timestamp|start|end)$|(?:At|Time|Date|Timestamp)$/;
/** Whose values are members of an enumeration, or names that a program gave. */
const enumKeys = new Set(
  `triggerEvent event_type eventType status old_status new_status type action kind trigger version
   currency timeZone time_zone timezone locale source code error_code errorCode`.split(/\s+/),
);

/** Whether it is no more than one word, as programs name their states. */
export function isWord(text: string): boolean {
  return word.test(text) && digitsOf(text).length < 7;
}

/**
 * A JSON value without what is personal in it: keys, types, ids, states, times and small numbers
 * stay; every other text is replaced. It is a list of what may stay, so that what nobody thought of
 * is hidden. Nor does an id stay that is somebody's phone number elsewhere in the value.
 */
export function redactValue(value: unknown): unknown {
  return redact(value, "", phonesIn(value));
}

/** The digits of all that stands under a key that says so. */
function phonesIn(value: unknown, isContact = false): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((inner) => phonesIn(inner, isContact));
  if (isRecord(value)) {
    return Object.entries(value).flatMap(([key, inner]) =>
      phonesIn(inner, isContact || isContactKey(key)),
    );
  }
  const digits = isContact ? digitsOf(String(value)) : "";
  return digits.length >= 4 ? [digits] : [];
}

/** @param key the key that the value stands under, if any */
function redact(value: unknown, key: string, phones: readonly string[]): unknown {
  if (typeof value === "string") return mayStay(value, key, phones) ? value : HIDDEN;
  if (typeof value === "number") return numberMayStay(value, key, phones) ? value : 0;
  if (Array.isArray(value)) return value.map((inner) => redact(inner, key, phones));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(
    ([name, inner], index) =>
      [isWord(name) ? name : `${HIDDEN}${index + 1}`, redact(inner, name, phones)] as const,
  );
  return Object.fromEntries(entries);
}

function mayStay(value: string, key: string, phones: readonly string[]): boolean {
  if (value === "" || uuid.test(value) || instant.test(value)) return true;
  if (idKey.test(key)) return idValue.test(value) && !isContactKey(key) && !has(value, phones);
  return enumKeys.has(key) && isWord(value);
}

function has(value: string | number, phones: readonly string[]): boolean {
  const digits = digitsOf(String(value));
  return phones.some((phone) => digits.includes(phone));
}

/** Long numbers may be somebody's phone, and fractions somebody's place. */
function numberMayStay(value: number, key: string, phones: readonly string[]): boolean {
  const isNamed = (idKey.test(key) || timeKey.test(key)) && !isContactKey(key);
  if (isNamed) return Number.isInteger(value) && !has(value, phones);
  return Math.abs(value) < 1e6 && Number.isInteger(value * 100);
}

/** A raw body: JSON in its structure, anything else not at all. */
export function redactBody(body: string): string {
  if (body === "") return "";
  try {
    return JSON.stringify(redactValue(JSON.parse(body)), null, 2);
  } catch {
    return HIDDEN;
  }
}
