/** A calendar day, `YYYY-MM-DD`, without a zone. */
export type Day = string;

const minute = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function partsFormat(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  formats.set(zone, format);
  return format;
}

/** The calendar day on which an instant falls in an IANA zone. */
export function dayOf(instant: string | number | Date, zone: string): Day {
  const parts = partsFormat(zone).formatToParts(new Date(instant));
  const value = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return `${value("year").padStart(4, "0")}-${value("month")}-${value("day")}`;
}

/** The day that lies `days` after another; negative goes back. */
export function addDays(day: Day, days: number): Day {
  const at = new Date(`${day}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** Whether a text is a day that exists. */
export function isDay(text: unknown): text is Day {
  if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T12:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** Whether a span of time touches a calendar day in a zone. A span without length counts. */
export function touchesDay(
  span: { readonly starts_at: string; readonly ends_at: string },
  day: Day,
  zone: string,
): boolean {
  const start = Date.parse(span.starts_at);
  const lastMoment = Math.max(start, Date.parse(span.ends_at) - 1);
  return dayOf(start, zone) <= day && day <= dayOf(lastMoment, zone);
}

/** Whole minutes from one instant to another, in milliseconds since the epoch. */
export function minutesBetween(from: number, to: number): number {
  return Math.round((to - from) / minute);
}
