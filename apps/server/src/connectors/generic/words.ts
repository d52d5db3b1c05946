import type { BookingStatus, MappedEvent, Mapping } from "@slotwire/contract";
import type { Scalar } from "./expression.ts";

/** What a word for an event means; null when it has no meaning. */
export function eventOf(word: Scalar, { events }: Pick<Mapping, "events">): MappedEvent | null {
  return meaningOf(word, events);
}

/** What a word for a state means; null when it has no meaning. */
export function statusOf(
  word: Scalar,
  { statuses }: Pick<Mapping, "statuses">,
): BookingStatus | null {
  return meaningOf(word, statuses);
}

function meaningOf<Meaning>(
  word: Scalar,
  meanings: Readonly<Record<string, Meaning>>,
): Meaning | null {
  const given = String(word).trim();
  if (Object.hasOwn(meanings, given)) return meanings[given] ?? null;
  const folded = given.toLowerCase();
  const [, meaning] = Object.entries(meanings).find(([key]) => key.toLowerCase() === folded) ?? [];
  return meaning ?? null;
}
