import { dayOf, type Day } from "./zoned-day.ts";

const minute = 60_000;
/** No zone is further from UTC, in minutes. */
const furthest = 15 * 60;

/**
 * The first instant of a calendar day in an IANA zone, as RFC 3339 in UTC. It is not midnight
 * where a change of clocks skips that.
 */
export function startOfDay(day: Day, zone: string): string {
  const middle = Date.parse(`${day}T00:00:00Z`);
  let [before, from] = [-furthest, furthest];
  while (from - before > 1) {
    const half = Math.floor((before + from) / 2);
    if (dayOf(middle + half * minute, zone) < day) before = half;
    else from = half;
  }
  return new Date(middle + from * minute).toISOString();
}
