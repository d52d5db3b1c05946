import type { Attendee, BookingFields, Provider } from "../../domain/booking.ts";
import { cleanMetadata } from "../clean-metadata.ts";
import { cleanText } from "../clean-text.ts";
import { readInstant } from "../read-instant.ts";
import { readTimeZone } from "../read-time-zone.ts";
import type { MemoryBooking, MemoryPerson } from "./schema.ts";
import type { Problem } from "./errors.ts";

/** What became of a message's times: read, left out, or no times at all. */
export type Times =
  | { readonly state: "read"; readonly startsAt: string; readonly endsAt: string }
  | { readonly state: "missing"; readonly field: "starts_at" | "ends_at" }
  | { readonly state: "wrong"; readonly problem: Problem };

/** Reads start and end. */
export function readTimes(booking: MemoryBooking): Times {
  if (booking.starts_at == null) return { state: "missing", field: "starts_at" };
  if (booking.ends_at == null) return { state: "missing", field: "ends_at" };
  const startsAt = readInstant(booking.starts_at);
  const endsAt = readInstant(booking.ends_at);
  if (startsAt === null || endsAt === null) return { state: "wrong", problem: "times" };
  if (Date.parse(endsAt) < Date.parse(startsAt)) return { state: "wrong", problem: "timeOrder" };
  return { state: "read", startsAt, endsAt };
}

/** What the message says of the booking's fields, times left out; what it does not, is absent. */
export function readFields(booking: MemoryBooking): Partial<BookingFields> {
  const fields = {
    timeZone: readTimeZone(booking.time_zone),
    title: cleanText(booking.title, 500),
    description: cleanText(booking.description, 5000),
    location: cleanText(booking.location, 1000),
    provider: readProvider(booking.provider),
    serviceKey: cleanText(booking.service?.key, 200),
    serviceName: cleanText(booking.service?.name, 200),
    attendees: booking.attendees?.map(readAttendee) ?? null,
    metadata: booking.metadata == null ? null : cleanMetadata(booking.metadata),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function readProvider(provider: MemoryBooking["provider"]): Provider | null {
  const name = cleanText(provider?.name, 200);
  const email = cleanText(provider?.email, 320);
  return name === null && email === null ? null : { name, email };
}

function readAttendee(person: MemoryPerson): Attendee {
  return {
    name: cleanText(person.name, 200),
    email: cleanText(person.email, 320),
    phone: cleanText(person.phone, 50),
    status: person.status ?? "accepted",
    seatRef: null,
  };
}
