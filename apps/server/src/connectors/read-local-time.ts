import { Temporal } from "temporal-polyfill";
import { readInstant } from "./read-instant.ts";

/** A date and a time of day as somebody's clock shows them, without an offset. */
const localTime = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?$/;

/**
 * Reads a time without an offset as the clocks of a zone show it. Where they are put back it is the
 * first of the two, where they are put forward it is as much later (RFC 5545 §3.3.5).
 * @param value of any type
 * @param timeZone IANA name
 * @returns the instant in UTC with milliseconds, or null when it is none between 1970 and 2200
 */
export function readLocalTime(value: unknown, timeZone: string): string | null {
  if (typeof value !== "string" || !localTime.test(value)) return null;
  try {
    const plain = Temporal.PlainDateTime.from(value.toUpperCase().replace(" ", "T"), {
      overflow: "reject",
    });
    return readInstant(new Date(plain.toZonedDateTime(timeZone).epochMilliseconds).toISOString());
  } catch {
    return null;
  }
}
