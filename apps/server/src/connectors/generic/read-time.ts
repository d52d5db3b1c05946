import type { MappedTimeFormat } from "@slotwire/contract";
import { readInstant } from "../read-instant.ts";
import { readLocalTime } from "../read-local-time.ts";
import type { Scalar } from "./expression.ts";

export interface ReadTime {
  /** RFC 3339 in UTC. */
  readonly at: string;
  /** It had no offset, and was taken for the time of the zone. */
  readonly isLocal: boolean;
}

/** A day of three numbers and a time of day, with or without seconds and am or pm. */
const dayAndTime =
  /^(\d{1,4})[-./](\d{1,2})[-./](\d{1,4})[T ,]{1,3}(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.\d{1,9})?)?(?: ?([ap])\.?m\.?)?$/i;

/**
 * Reads a time as a source writes it.
 * @param timeZone IANA zone of times without an offset
 * @returns null when it is no time of that form
 */
export function readTime(
  value: Scalar,
  format: MappedTimeFormat,
  timeZone: string,
): ReadTime | null {
  if (format === "unix_seconds") return fromNumber(value, 1000);
  if (format === "unix_milliseconds") return fromNumber(value, 1);
  if (typeof value !== "string" || value.length > 60) return null;
  const text = value.trim();
  const instant = readInstant(text);
  if (instant !== null) return { at: instant, isLocal: false };
  const local = readLocalTime(format === "iso" ? text : null, timeZone);
  const at = local ?? readLocalTime(inIsoForm(text, format), timeZone);
  return at === null ? null : { at, isLocal: true };
}

function fromNumber(value: Scalar, factor: number): ReadTime | null {
  const isNumber = typeof value === "number" || /^\d{1,16}(?:\.\d{1,9})?$/.test(String(value));
  const milliseconds = isNumber ? Number(value) * factor : Number.NaN;
  const at = Math.abs(milliseconds) < 8e15 ? new Date(Math.round(milliseconds)) : null;
  const instant = at === null ? null : readInstant(at.toISOString());
  return instant === null ? null : { at: instant, isLocal: false };
}

/** `2026-01-05 2:30 PM` or `05/01/2026 14:30` as ISO 8601 writes it; null when it is neither. */
function inIsoForm(text: string, format: MappedTimeFormat): string | null {
  const parts = dayAndTime.exec(text);
  if (parts === null) return null;
  const [, first = "", second = "", third = "", hours = "", minutes = "", seconds = "00"] = parts;
  const half = parts[7]?.toLowerCase();
  const [year, month, day] =
    format === "day_first"
      ? [third, second, first]
      : format === "month_first"
        ? [third, first, second]
        : [first, second, third];
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half === "p" ? 12 : 0);
  if (year.length !== 4 || day.length > 2 || (half !== undefined && Number(hours) > 12))
    return null;
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${minutes}:${seconds}`;
}

const two = (part: string | number): string => String(part).padStart(2, "0");
