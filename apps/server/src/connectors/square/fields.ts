import type { BookingFields } from "../../domain/booking.ts";
import { isRecord } from "../../domain/is-record.ts";
import { cleanMetadata } from "../clean-metadata.ts";
import { cleanText } from "../clean-text.ts";
import { readInstant } from "../read-instant.ts";
import type { SquareBooking } from "./schema.ts";

const MAX_ID = 200;
const MAX_PLACE = 1000;
const MAX_TEXT = 5000;
const MINUTE = 60_000;
/** A year; Square itself allows a day. */
const MAX_MINUTES = 366 * 24 * 60;

/** What became of a message's times: read, left out, or no times at all. */
export type Times =
  | { readonly state: "read"; readonly startsAt: string; readonly endsAt: string }
  | { readonly state: "missing"; readonly field: "start_at" | "duration_minutes" }
  | { readonly state: "wrong" };

/** Reads start and end: the segments follow each other, with breaks between them. */
export function readTimes(booking: SquareBooking): Times {
  if (booking.start_at == null) return { state: "missing", field: "start_at" };
  const startsAt = readInstant(booking.start_at);
  if (startsAt === null) return { state: "wrong" };
  const minutes = minutesOf(booking);
  if (minutes === null) return { state: "missing", field: "duration_minutes" };
  const endsAt = new Date(Date.parse(startsAt) + Math.round(minutes * MINUTE)).toISOString();
  return { state: "read", startsAt, endsAt };
}

function minutesOf(booking: SquareBooking): number | null {
  const segments = segmentsOf(booking);
  if (segments.length === 0) return null;
  const lengths = segments.map((segment) => minutesIn(segment["duration_minutes"]));
  if (lengths.includes(0)) return null;
  const breaks = segments.slice(0, -1).map((segment) => minutesIn(segment["intermission_minutes"]));
  const all = [...lengths, ...breaks].reduce((sum, minutes) => sum + minutes, 0);
  return all <= MAX_MINUTES ? all : null;
}

function minutesIn(value: unknown): number {
  return typeof value === "number" && value > 0 && value <= MAX_MINUTES ? value : 0;
}

/** The parts of an appointment, each with its service and who does it. */
export function segmentsOf({ appointment_segments: segments }: SquareBooking): Segment[] {
  return (segments ?? []).filter(isRecord);
}

type Segment = Readonly<Record<string, unknown>>;

/** What the message says of the booking's fields, times left out; what it does not, is absent. */
export function readFields(booking: SquareBooking): Partial<BookingFields> {
  const [first] = segmentsOf(booking);
  const fields = {
    description: cleanText(booking.customer_note, MAX_TEXT),
    location: readPlace(booking),
    serviceKey: cleanText(first?.["service_variation_id"], MAX_ID),
    metadata: readMetadata(booking),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/** The customer's address, when that is where it happens. */
function readPlace({ location_type: type, address }: SquareBooking): string | null {
  return type === "CUSTOMER_LOCATION" ? readAddress(address) : null;
}

const addressLines = [
  "address_line_1",
  "address_line_2",
  "address_line_3",
  "postal_code",
  "locality",
  "country",
];

/** An address in one line. */
export function readAddress(address: unknown): string | null {
  if (!isRecord(address)) return null;
  const lines = addressLines
    .map((line) => cleanText(address[line], MAX_PLACE))
    .filter((line) => line !== null);
  return cleanText(lines.join(", "), MAX_PLACE);
}

/** The ids of what the API knows more of. */
function readMetadata(booking: SquareBooking): Readonly<Record<string, unknown>> | null {
  const given = {
    customer_id: booking.customer_id,
    location_id: booking.location_id,
    team_member_id: segmentsOf(booking)[0]?.["team_member_id"],
    seller_note: booking.seller_note,
    booked_by: booking.source,
  };
  const metadata = cleanMetadata(given);
  return Object.keys(metadata).length === 0 ? null : metadata;
}
