import type { BookingResource } from "@slotwire/contract";
import { isStanding } from "./day-bookings.ts";

/** The figures above the day's list. */
export interface DaySummary {
  /** Bookings that take up time. */
  readonly standing: number;
  readonly unconfirmed: number;
  /** Cancelled or rejected. */
  readonly cancelled: number;
  /** The first standing booking that has not begun; null when there is none. */
  readonly next: BookingResource | null;
  /** Standing bookings that are going on. */
  readonly current: readonly BookingResource[];
}

const over = new Set<BookingResource["status"]>(["completed", "no_show"]);

/**
 * Counts a day.
 * @param bookings the day's bookings by time
 * @param now milliseconds since the epoch
 */
export function summariseDay(bookings: readonly BookingResource[], now: number): DaySummary {
  const standing = bookings.filter(isStanding);
  return {
    standing: standing.length,
    unconfirmed: standing.filter((booking) => booking.status === "pending").length,
    cancelled: bookings.length - standing.length,
    next:
      standing.find(
        (booking) => !over.has(booking.status) && Date.parse(booking.starts_at) > now,
      ) ?? null,
    current: standing.filter(
      (booking) =>
        !over.has(booking.status) &&
        Date.parse(booking.starts_at) <= now &&
        now < Date.parse(booking.ends_at),
    ),
  };
}
