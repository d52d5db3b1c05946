import { Temporal } from "temporal-polyfill";

/** A span of time: from `start`, up to but without `end`. Instants, UTC. */
export interface TimeSpan {
  readonly start: Date;
  readonly end: Date;
}

/**
 * When a calendar day begins and ends somewhere. Where the clocks change it has 23 or 25 hours,
 * and where they change at midnight it begins at another time than 00:00.
 * @param date ISO 8601 date
 * @param timeZone IANA name
 */
export function dayBounds(date: string, timeZone: string): TimeSpan {
  const day = Temporal.PlainDate.from(date);
  const startOf = (plain: Temporal.PlainDate): Date =>
    new Date(plain.toZonedDateTime(timeZone).epochMilliseconds);
  return { start: startOf(day), end: startOf(day.add({ days: 1 })) };
}

/**
 * The calendar day that an instant falls on somewhere, as an ISO 8601 date.
 * @param timeZone IANA name
 */
export function dateIn(timeZone: string, instant: Date): string {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString();
}
