import { formatTime } from "./format-time.ts";
import { dayOf, type Day } from "./zoned-day.ts";

const minute = 60_000;

/**
 * The instant at which clocks in a zone show a time on a day, as RFC 3339 in UTC; the first of two
 * where a change of clocks repeats the hour. Null where it skips it, and for what is no time.
 * @param time `HH:MM`
 * @param zone IANA zone
 */
export function instantOf(day: Day, time: string, zone: string): string | null {
  const naive = Date.parse(`${day}T${time}:00Z`);
  if (Number.isNaN(naive)) return null;
  const shows = (at: number): boolean => dayOf(at, zone) === day && formatTime(at, zone) === time;
  // What clocks show when it is that time in UTC tells how far they are ahead; near a change of
  // clocks, what they were ahead a day before or after.
  const day24 = 24 * 60 * minute;
  const candidates = [naive - day24, naive, naive + day24]
    .map((at) => naive - aheadAt(at, zone))
    .toSorted((one, other) => one - other);
  const found = candidates.find(shows);
  return found === undefined ? null : new Date(found).toISOString();
}

/** By how much a zone's clocks are ahead of UTC at an instant, in milliseconds. */
function aheadAt(at: number, zone: string): number {
  const shown = Date.parse(`${dayOf(at, zone)}T${formatTime(at, zone)}:00Z`);
  return shown - Math.floor(at / minute) * minute;
}
