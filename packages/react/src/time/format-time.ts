const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;

/** The ways in which instants are written. */
const styles = {
  time: clock,
  date: { day: "numeric", month: "short", year: "numeric" },
  dateTime: { weekday: "short", day: "numeric", month: "short", ...clock },
  day: { weekday: "long", day: "numeric", month: "long" },
  full: { dateStyle: "long", timeStyle: "short" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * Writes an instant; nothing for what is none, nor before its zone is known.
 * @param instant RFC 3339, or milliseconds of the epoch
 * @param zone IANA name, UTC for one that the machine does not know; null for its own, and undefined until
 *   it is known
 */
export function formatTime(
  style: keyof typeof styles,
  instant: string | number,
  locale: string,
  zone: string | null | undefined,
): string {
  return write(styles[style], instant, locale, zone);
}

function write(
  style: Intl.DateTimeFormatOptions,
  instant: string | number,
  locale: string,
  zone: string | null | undefined,
): string {
  const date = new Date(instant);
  if (zone === undefined || Number.isNaN(date.getTime())) return "";
  const key = `${JSON.stringify(style)} ${locale} ${zone}`;
  const format = formats.get(key) ?? makeFormat(locale, { ...style, timeZone: zone ?? undefined });
  formats.set(key, format);
  return format.format(date);
}

function makeFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(locale, options);
  } catch {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
  }
}

const DAY = 86_400_000;
const steps = [
  ["day", DAY],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/**
 * How far an instant lies from now: `in 25 minutes`, in whole hours up to a day, and from then on by the
 * days of the calendar: `tomorrow`; `now` within the minute.
 * @param now milliseconds of the epoch
 * @param zone whose calendar counts: its IANA name
 */
export function relativeTime(instant: string, now: number, locale: string, zone: string): string {
  const distance = Date.parse(instant) - now;
  const [unit, length] = steps.find(([, least]) => Math.abs(distance) >= least) ?? ["second", DAY];
  const noonOf = (at: string | number): number => Date.parse(`${dayOf(at, zone)}T12:00Z`);
  const covered = unit === "day" ? noonOf(instant) - noonOf(now) : distance;
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(
    Math.trunc(covered / length),
    unit,
  );
}

/** The calendar day, `YYYY-MM-DD`, that clocks in a zone show at an instant. Swedes write days so. */
export const dayOf = (instant: string | number, zone: string): string =>
  write({ day: "2-digit", month: "2-digit", year: "numeric" }, instant, "sv-SE", zone);
