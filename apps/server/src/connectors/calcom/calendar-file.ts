import { cleanText } from "../clean-text.ts";

const MAX_LENGTH = 100_000;

/** What a calendar file (RFC 5545) says of its event; null for what it does not say. */
export interface CalendarFile {
  readonly uid: string | null;
  readonly sequence: number | null;
}

/** Reads the UID and the SEQUENCE of the first event in a calendar file, of any type. */
export function readCalendarFile(value: unknown): CalendarFile {
  const text = cleanText(value, MAX_LENGTH) ?? "";
  // A line that begins with a blank continues the one before (RFC 5545, 3.1).
  const lines = text.replaceAll(/\r?\n[ \t]/g, "").split(/\r?\n/);
  const event = lines.slice(lines.indexOf("BEGIN:VEVENT") + 1);
  const valueOf = (name: string): string | null => {
    const line = event.find((one) => one.startsWith(`${name}:`) || one.startsWith(`${name};`));
    return cleanText(line?.slice(line.indexOf(":") + 1), 500);
  };
  const sequence = valueOf("SEQUENCE");
  return {
    uid: valueOf("UID"),
    sequence: sequence !== null && /^\d{1,9}$/.test(sequence) ? Number(sequence) : null,
  };
}
