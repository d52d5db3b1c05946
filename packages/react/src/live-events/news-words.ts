import type { BookingEvent } from "@slotwire/contract";
import type { Language } from "../messages/en.ts";
import type { NewsGroup } from "./page-news.ts";

/** Whose booking an event is about: the pet's, the customer's, or its number. */
export function bookingName({ data: { booking }, booking_number: number }: BookingEvent): string {
  const named =
    booking?.subjects[0]?.name ?? booking?.customer?.name ?? booking?.attendees[0]?.name;
  return named ?? `#${number}`;
}

/** Events in one sentence. */
export function newsWords(
  { count, bookingId, last }: NewsGroup,
  words: Language["events"],
): string {
  if (count === 1) return words.describe(last);
  return bookingId === null ? words.changes(count) : words.changesOf(count, bookingName(last));
}
