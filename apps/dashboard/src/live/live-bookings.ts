import type { BookingEvent, BookingResource } from "@slotwire/contract";
import { useSyncExternalStore } from "react";

/** Bookings as the live stream last told them, by id. */
export type LiveBookings = ReadonlyMap<string, BookingResource>;

/** Older ones are forgotten: by then a reading of the list has caught up with them. */
const most = 1000;
/** How long a change counts as just made, in milliseconds. */
const freshFor = 4_000;

let current: LiveBookings = new Map();
const heardAt = new WeakMap<BookingResource, number>();
const listeners = new Set<() => void>();

/**
 * Takes in one event of the stream; of a booking only the highest version is kept. Without the
 * booking it says that it is no longer the reader's to see.
 */
export function receiveLiveEvent(event: BookingEvent): void {
  const booking = event.data.booking;
  if (booking !== undefined) heardAt.set(booking, Date.now());
  current =
    booking === undefined
      ? withoutBooking(current, event.booking_id)
      : withBooking(current, booking);
  listeners.forEach((listener) => listener());
}

/** The known bookings with one more, most recently heard last; at most `limit`. */
export function withBooking(
  known: LiveBookings,
  booking: BookingResource,
  limit: number = most,
): LiveBookings {
  const older = known.get(booking.id);
  if (older !== undefined && older.version >= booking.version) return known;
  const next = new Map(known);
  next.delete(booking.id);
  next.set(booking.id, booking);
  for (const id of next.keys()) {
    if (next.size <= limit) break;
    next.delete(id);
  }
  return next;
}

/** The known bookings without one of them. */
export function withoutBooking(known: LiveBookings, id: string): LiveBookings {
  if (!known.has(id)) return known;
  const next = new Map(known);
  next.delete(id);
  return next;
}

/** Whether this version of a booking was heard live a moment ago. */
export function isFresh(booking: BookingResource): boolean {
  const live = current.get(booking.id);
  if (live === undefined || live.version !== booking.version) return false;
  return Date.now() - (heardAt.get(live) ?? 0) < freshFor;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What was heard live since the page was opened. */
export function useLiveBookings(): LiveBookings {
  return useSyncExternalStore(subscribe, () => current);
}
