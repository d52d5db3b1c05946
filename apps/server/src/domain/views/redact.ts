import { isRecord } from "../is-record.ts";
import { digitsOf, HIDDEN } from "./mask-contact.ts";
import { isContactKey } from "./mask-values.ts";

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const instant =
  /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i;
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
 * is hidden.
 * @param key the key that it stands under, if any
 */
export function redactValue(value: unknown, key = ""): unknown {
  if (typeof value === "string") return value === "" || mayStay(value, key) ? value : HIDDEN;
  if (typeof value === "number") return numberMayStay(value, key) ? value : 0;
  if (Array.isArray(value)) return value.map((inner) => redactValue(inner, key));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(
    ([name, inner], index) =>
      [isWord(name) ? name : `${HIDDEN}${index + 1}`, redactValue(inner, name)] as const,
  );
  return Object.fromEntries(entries);
}

function mayStay(value: string, key: string): boolean {
  if (uuid.test(value) || instant.test(value)) return true;
  if (idKey.test(key)) return idValue.test(value) && !isContactKey(key);
  return enumKeys.has(key) && isWord(value);
}

/** Long numbers may be somebody's phone, and fractions somebody's place. */
function numberMayStay(value: number, key: string): boolean {
  const isNamed = (idKey.test(key) || timeKey.test(key)) && !isContactKey(key);
  if (isNamed) return Number.isInteger(value);
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
