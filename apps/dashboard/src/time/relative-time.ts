import { locale, t } from "../messages/messages.ts";

const steps: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

const words = new Intl.RelativeTimeFormat(locale, { style: "short", numeric: "always" });

/**
 * How far an instant lies from now, in words: `in 25 min`, `2 min ago`, `just now`.
 * @param now milliseconds since the epoch
 */
export function relativeTime(instant: string, now: number): string {
  const seconds = Math.round((Date.parse(instant) - now) / 1000);
  if (Math.abs(seconds) < 10) return t.time.justNow;
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return words.format(Math.trunc(seconds / size), unit);
}

/** A length of time in words: `45 min`, `1 h`, `1 h 15 min`. */
export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return t.time.minutes(rest);
  return rest === 0 ? t.time.hours(hours) : `${t.time.hours(hours)} ${t.time.minutes(rest)}`;
}
