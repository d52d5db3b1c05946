import { t } from "../messages/messages.ts";
import { formatDateTime } from "../time/format-time.ts";
import { sentence } from "./sentence.ts";

/** What people call a member of a booking: its name in the texts, or the wire's, made readable. */
export function fieldName(field: string): string {
  return t.details.fields[field] ?? sentence(field.replaceAll("_", " "));
}

/**
 * A value of a booking's member as people read it; a dash for nothing.
 * @param zone IANA zone in which times are told
 */
export function valueWords(field: string, value: unknown, zone: string): string {
  if (value === null || value === undefined || value === "") return t.app.none;
  if (typeof value === "string") return textWords(field, value, zone);
  if (Array.isArray(value)) {
    return value.length === 0 ? t.app.none : value.map((one) => nameOf(one)).join(", ");
  }
  return nameOf(value);
}

function textWords(field: string, value: string, zone: string): string {
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
