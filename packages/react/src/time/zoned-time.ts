import { dayOf, formatTime } from "./format-time.ts";

const DAY = 86_400_000;

/** The time, `HH:MM`, that clocks in a zone show at an instant. */
export const clockOf = (instant: string | number, zone: string): string =>
  formatTime("time", instant, "en-GB", zone);

/**
 * The instant at which clocks in a zone show a time on a day, as RFC 3339 in UTC; the first of two
 * where a change of clocks repeats the hour. Null where it skips it, and for what is no time.
 * @param day `YYYY-MM-DD`
 * @param time `HH:MM`
 */
export function instantOf(day: string, time: string, zone: string): string | null {
  const naive = Date.parse(`${day}T${time}:00Z`);
  if (Number.isNaN(naive)) return null;
  // By how much clocks are ahead of UTC, before and after a change of theirs that may be near.
  const ahead = (at: number): number =>
    Date.parse(`${dayOf(at, zone)}T${clockOf(at, zone)}:00Z`) - Math.floor(at / 60_000) * 60_000;
  const found = [naive - DAY, naive, naive + DAY]
    .map((at) => naive - ahead(at))
    .toSorted((one, other) => one - other)
    .find((at) => dayOf(at, zone) === day && clockOf(at, zone) === time);
  return found === undefined ? null : new Date(found).toISOString();
}
