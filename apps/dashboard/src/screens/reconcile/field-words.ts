import type { BookingStatus } from "@slotwire/contract";
import { t } from "../../messages/messages.ts";
import { reconcile } from "../../messages/reconcile.ts";
import { formatDateTime } from "../../time/format-time.ts";

/** A value of a booking's member as people read it. */
export function fieldWords(name: string, value: unknown, zone: string): string {
  if (Array.isArray(value)) {
    return name === "attendees" ? peopleWords(value) : value.map(plain).join(", ") || nothing;
  }
  if (name === "provider" && value !== null) return personName(value);
  if (typeof value !== "string" || value === "") return plain(value);
  if (name === "status") return t.booking.status[value as BookingStatus];
  return name === "starts_at" || name === "ends_at" ? formatDateTime(value, zone) : value;
}

const { nothing } = reconcile;

function plain(value: unknown): string {
  if (value === null || value === undefined || value === "") return nothing;
  return typeof value === "string" ? value : JSON.stringify(value);
}

interface Person {
  readonly name?: string | null;
  readonly email?: string | null;
  readonly status?: "accepted" | "cancelled" | "no_show";
}

function peopleWords(people: readonly unknown[]): string {
  const names = people.map((person) => {
    const { status = "accepted" } = person as Person;
    const mark = status === "accepted" ? "" : ` (${t.booking.status[status]})`;
    return `${personName(person)}${mark}`;
  });
  return names.join(", ") || nothing;
}

function personName(person: unknown): string {
  const { name, email } = person as Person;
  return name ?? email ?? nothing;
}
