import type { BookingResource } from "@slotwire/contract";
import { isStanding } from "./day-bookings.ts";

/**
 * The first booking that takes place from an instant on: of what was read, brought up to date by
 * what was heard live since; null for none.
 * @param from RFC 3339
 */
export function nextBooking(
  read: readonly BookingResource[],
  live: ReadonlyMap<string, BookingResource>,
  from: string,
): BookingResource | null {
  const byId = new Map(read.map((booking) => [booking.id, booking]));
  for (const booking of live.values()) {
    const known = byId.get(booking.id);
    if (known === undefined || booking.version >= known.version) byId.set(booking.id, booking);
  }
  const coming = [...byId.values()].filter(
    (booking) =>
      booking.deleted_at === null &&
      isStanding(booking) &&
      Date.parse(booking.starts_at) >= Date.parse(from),
  );
  const [first] = coming.toSorted((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at));
  return first ?? null;
}
