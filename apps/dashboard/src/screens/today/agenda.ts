import type { BookingResource } from "@slotwire/contract";
import { minutesBetween } from "../../time/zoned-day.ts";
import { isStanding } from "./day-bookings.ts";

/** A line of the day's list. */
export type AgendaLine =
  | { readonly kind: "booking"; readonly booking: BookingResource }
  | { readonly kind: "gap"; readonly key: string; readonly minutes: number }
  | { readonly kind: "now" };

/** Shorter gaps than this are not worth a line, in minutes. */
const smallestGap = 30;

/**
 * Lays out the day's list: bookings by time, the free time between them, and the line that says
 * where now is. The now-line stands before the first booking that has not begun.
 * @param bookings the day's bookings by time
 * @param now milliseconds since the epoch, or null when the day shown is not today
 */
export function layOutAgenda(
  bookings: readonly BookingResource[],
  now: number | null,
): AgendaLine[] {
  const lines: AgendaLine[] = [];
  let busyUntil: number | null = null;
  let nowIsDue = now !== null;
  for (const booking of bookings) {
    const start = Date.parse(booking.starts_at);
    const free = busyUntil === null || !isStanding(booking) ? 0 : minutesBetween(busyUntil, start);
    const gap: AgendaLine[] =
      free >= smallestGap ? [{ kind: "gap", key: booking.id, minutes: free }] : [];
    if (nowIsDue && now !== null && start > now) {
      const nowIsInGap = busyUntil !== null && now >= busyUntil;
      lines.push(...(nowIsInGap ? [...gap, nowLine] : [nowLine, ...gap]));
      nowIsDue = false;
    } else {
      lines.push(...gap);
    }
    lines.push({ kind: "booking", booking });
    if (isStanding(booking)) busyUntil = Math.max(busyUntil ?? 0, Date.parse(booking.ends_at));
  }
  if (nowIsDue && bookings.length > 0) lines.push(nowLine);
  return lines;
}

const nowLine: AgendaLine = { kind: "now" };
