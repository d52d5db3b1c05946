import type { BookingResource } from "@slotwire/contract";
import { touchesDay, type Day } from "../../time/zoned-day.ts";

/**
 * The day's bookings, by time: what was read, brought up to date by what was heard live since.
 * Of a booking that is known from both, the higher version wins, whichever arrived later, so an
 * answer that was under way while an event came in cannot undo the event.
 * @param zone IANA zone in which the day is meant
 */
export function mergeDay(
  read: readonly BookingResource[],
  live: ReadonlyMap<string, BookingResource>,
  day: Day,
  zone: string,
): BookingResource[] {
  const byId = new Map(read.map((booking) => [booking.id, booking]));
  for (const booking of live.values()) {
    const known = byId.get(booking.id);
    if (known === undefined || booking.version >= known.version) byId.set(booking.id, booking);
  }
  return [...byId.values()]
    .filter((booking) => booking.deleted_at === null && touchesDay(booking, day, zone))
    .toSorted(byTime);
}

function byTime(a: BookingResource, b: BookingResource): number {
  return (
    Date.parse(a.starts_at) - Date.parse(b.starts_at) ||
    Date.parse(a.ends_at) - Date.parse(b.ends_at) ||
    a.booking_number - b.booking_number
  );
}

/** Whether a booking takes up time: neither cancelled nor rejected. */
export function isStanding(booking: BookingResource): boolean {
  return booking.status !== "cancelled" && booking.status !== "rejected";
}
