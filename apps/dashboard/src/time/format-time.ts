import { locale } from "../messages/messages.ts";
import { type Day, dayOf } from "./zoned-day.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  formats.set(key, made);
  return made;
}

const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;

/** `14:30` in the zone. */
export function formatTime(instant: string | number, zone: string): string {
  return format(zone, clock).format(new Date(instant));
}

/** `14:30:05` in the zone. */
export function formatTimeWithSeconds(instant: string, zone: string): string {
  return format(zone, { ...clock, second: "2-digit" }).format(new Date(instant));
}

/** `Sat, 21 Nov 2026, 14:30` in the zone. */
export function formatDateTime(instant: string, zone: string): string {
  return format(zone, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    ...clock,
  }).format(new Date(instant));
}

/** `21 Nov, 14:30` in the zone. */
export function formatShortDateTime(instant: string, zone: string): string {
  return format(zone, { day: "numeric", month: "short", ...clock }).format(new Date(instant));
}

/** `21 Nov, 14:30:05` in the zone. */
export function formatShortDateTimeWithSeconds(instant: string, zone: string): string {
  return format(zone, { day: "numeric", month: "short", ...clock, second: "2-digit" }).format(
    new Date(instant),
  );
}

/** `Sat, 21 Nov 2026, 14:30 – 15:30` in the zone; the second day is told where it is another. */
export function formatSpan(from: string, to: string, zone: string): string {
  const isOneDay = dayOf(from, zone) === dayOf(to, zone);
  return `${formatDateTime(from, zone)} – ${(isOneDay ? formatTime : formatDateTime)(to, zone)}`;
}

/** `21 Nov 2026` in the zone. */
export function formatShortDate(instant: string, zone: string): string {
  return format(zone, { day: "numeric", month: "short", year: "numeric" }).format(
    new Date(instant),
  );
}

/** `Saturday 21 November`. */
export function formatDay(day: Day): string {
  return format("UTC", { weekday: "long", day: "numeric", month: "long" })
    .format(new Date(`${day}T12:00:00Z`))
    .replace(",", "");
}

/** `Saturday 21 November 2026` in the zone. */
export function formatLongDate(instant: string, zone: string): string {
  return format(zone, { weekday: "long", day: "numeric", month: "long", year: "numeric" })
    .format(new Date(instant))
    .replace(",", "");
}

/** The short name of a zone at an instant, for example `CET` or `GMT+5:45`. */
export function formatZone(instant: string | number, zone: string): string {
  const parts = format(zone, { timeZoneName: "short" }).formatToParts(new Date(instant));
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}
