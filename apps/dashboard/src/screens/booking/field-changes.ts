import type { BookingEvent } from "@slotwire/contract";
import { t } from "../../messages/messages.ts";
import { formatDateTime } from "../../time/format-time.ts";

/** One field of a booking before and after an event, in words. */
export interface FieldChange {
  readonly field: string;
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/**
 * What an event changed, field by field. Values that cannot be told apart in words are left out.
 * @param zone IANA zone in which times are told
 */
export function fieldChanges(event: BookingEvent, zone: string): FieldChange[] {
  const previous = event.data.previous ?? {};
  const booking = event.data.booking as Readonly<Record<string, unknown>> | undefined;
  return event.changed_fields
    .filter((field) => field in previous)
    .map((field) => ({
      field,
      name: t.details.fields[field] ?? field.replaceAll("_", " "),
      before: inWords(field, previous[field], zone),
      after: inWords(field, booking?.[field], zone),
    }))
    .filter((change) => change.before !== change.after);
}

function inWords(field: string, value: unknown, zone: string): string {
  if (value === null || value === undefined || value === "") return t.app.none;
  if (typeof value === "string") return textInWords(field, value, zone);
  if (Array.isArray(value)) {
    return value.length === 0 ? t.app.none : value.map((one) => nameOf(one)).join(", ");
  }
  return nameOf(value);
}

function textInWords(field: string, value: string, zone: string): string {
  if (field.endsWith("_at") && !Number.isNaN(Date.parse(value))) return formatDateTime(value, zone);
  if (field === "status") return (t.booking.status as Record<string, string>)[value] ?? value;
  return value;
}

/** What an object is best called: a person by name, an outside id by itself. */
function nameOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const known = value as Readonly<Record<string, unknown>>;
  for (const key of ["name", "email", "phone", "external_id", "key"]) {
    if (typeof known[key] === "string" && known[key] !== "") return known[key];
  }
  return JSON.stringify(value);
}
