/** RFC 3339 with the offset that it demands; the separator and the `Z` in either case. */
const rfc3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})$/;

/** Bookings outside these years are mistakes, and some calendars choke on them. */
const FIRST_YEAR = 1970;
const LAST_YEAR = 2200;

/**
 * Reads an instant that a source wrote: RFC 3339 with any offset, with or without fractions.
 * A time without an offset is no instant.
 * @param value of any type
 * @returns the instant in UTC with milliseconds, or null when it is none between 1970 and 2200
 */
export function readInstant(value: unknown): string | null {
  if (typeof value !== "string" || value.length > 40) return null;
  const parts = rfc3339.exec(value);
  if (parts === null || !isCalendarDay(Number(parts[1]), Number(parts[2]), Number(parts[3]))) {
    return null;
  }
  const milliseconds = Date.parse(value.replace(" ", "T"));
  if (Number.isNaN(milliseconds)) return null;
  const instant = new Date(milliseconds);
  const year = instant.getUTCFullYear();
  return year >= FIRST_YEAR && year <= LAST_YEAR ? instant.toISOString() : null;
}

/** JavaScript reads 30 February as 1 March. */
function isCalendarDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
