import type { Attendee, BookingFields, BookingStatus, Provider } from "../../domain/booking.ts";
import { cleanMetadata } from "../clean-metadata.ts";
import { cleanText } from "../clean-text.ts";
import { lostEnd, lostPrice, lostZone } from "../losses.ts";
import { readInstant } from "../read-instant.ts";
import { readLocalTime } from "../read-local-time.ts";
import { readPrice } from "../read-price.ts";
import { readTimeZone } from "../read-time-zone.ts";
import { readUrl } from "../read-url.ts";
import type { Problem } from "./errors.ts";
import type { Told } from "./told.ts";

const MAX_NAME = 200;
const MAX_EMAIL = 320;
const MAX_PHONE = 50;
const MAX_TITLE = 500;
const MAX_TEXT = 5000;
const MAX_MINUTES = 366 * 24 * 60;

/** What became of a message's times: read, left out, or no times at all. */
export type Times =
  | {
      readonly state: "read";
      readonly startsAt: string;
      readonly endsAt: string;
      /** It had no offset, and was taken for the organisation's time. */
      readonly isLocal: boolean;
    }
  | { readonly state: "missing"; readonly field: "start_time" | "end_time" }
  | { readonly state: "wrong"; readonly problem: Problem };

const starts = ["start_time", "starts_at", "scheduled_start", "scheduled_at", "start"];
const ends = ["end_time", "ends_at", "scheduled_end", "end"];

/**
 * Reads start and end of the booking's row. A column without a time zone is the organisation's time.
 * @param timeZone IANA zone
 */
export function readTimes({ booking, event }: Told, timeZone: string): Times {
  const start = firstOf([booking, event], starts);
  if (start === undefined) return { state: "missing", field: "start_time" };
  const startsAt = readTime(start, timeZone);
  if (startsAt === null) return { state: "wrong", problem: "start" };
  const end = firstOf([booking, event], ends) ?? endByLength(startsAt, booking);
  if (end === undefined) return { state: "missing", field: "end_time" };
  const endsAt = readTime(end, timeZone);
  if (endsAt === null) return { state: "wrong", problem: "end" };
  return Date.parse(endsAt) < Date.parse(startsAt)
    ? { state: "wrong", problem: "order" }
    : { state: "read", startsAt, endsAt, isLocal: !isInstant(start) };
}

/** Whether a time says by itself which instant it is. */
function isInstant(value: unknown): boolean {
  return typeof value === "string" && readInstant(spelled(value)) !== null;
}

/**
 * Reads a time as PostgreSQL writes it, in JSON or as text: `2026-01-05T09:00:00+00:00`,
 * `2026-01-05 09:00:00+00`, or without a zone.
 */
export function readTime(value: unknown, timeZone: string): string | null {
  if (typeof value !== "string") return null;
  return readInstant(spelled(value)) ?? readLocalTime(spelled(value), timeZone);
}

/** As ISO 8601 spells it: a T between date and time, and minutes in the offset. */
function spelled(value: string): string {
  return value
    .trim()
    .replace(" ", "T")
    .replace(/(T\S*[+-]\d{2})$/, "$1:00");
}

function firstOf(rows: readonly Readonly<Record<string, unknown>>[], names: readonly string[]) {
  const values = rows.flatMap((row) => names.map((name) => row[name]));
  return values.find((value) => value !== undefined && value !== null && value !== "");
}

function endByLength(startsAt: string, booking: Told["booking"]): string | undefined {
  const minutes = booking["duration_minutes"] ?? booking["duration"];
  const isLength = typeof minutes === "number" && minutes > 0 && minutes <= MAX_MINUTES;
  return isLength ? new Date(Date.parse(startsAt) + minutes * 60_000).toISOString() : undefined;
}

const statuses: ReadonlyMap<string, BookingStatus> = new Map([
  ["pending", "pending"],
  ["requested", "pending"],
  ["confirmed", "confirmed"],
  ["scheduled", "confirmed"],
  ["booked", "confirmed"],
  ["accepted", "confirmed"],
  ["in_progress", "in_progress"],
  ["completed", "completed"],
  ["done", "completed"],
  ["cancelled", "cancelled"],
  ["canceled", "cancelled"],
  ["rejected", "rejected"],
  ["declined", "rejected"],
  ["no_show", "no_show"],
]);

/** The state that a row tells of, in whatever case and spelling; null when it tells none. */
export function readStatus(value: unknown): BookingStatus | null {
  const word = cleanText(value, MAX_NAME)?.toLowerCase().replaceAll(/[ -]/g, "_");
  return statuses.get(word ?? "") ?? null;
}

/** What the rows say of the booking's fields, times left out. What they do not, is absent. */
export function readFields(told: Told, came: Attendee["status"]): Partial<BookingFields> {
  const { booking, event } = told;
  const price = readPrice(booking["total_price"] ?? booking["price"], booking["currency"]);
  const service = cleanText(booking["service_type"] ?? booking["service"], MAX_NAME);
  const fields = {
    timeZone: readTimeZone(booking["time_zone"] ?? booking["timezone"]),
    title: cleanText(booking["title"], MAX_TITLE) ?? service,
    description: cleanText(booking["description"] ?? booking["notes"], MAX_TEXT),
    location: cleanText(booking["location"] ?? booking["address"], MAX_TITLE),
    meetingUrl: readUrl(booking["meeting_url"]),
    provider: readProvider(told),
    serviceKey: service,
    serviceName: service,
    attendees: readClient(told, came),
    metadata: readMetadata(booking, event),
    priceMinor: price?.priceMinor ?? null,
    currency: price?.currency ?? null,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/** What of them could not be kept as it was said, in words. */
export function lossesOf({ booking }: Told): (string | null)[] {
  const price = booking["total_price"] ?? booking["price"];
  const isRead = readPrice(price, booking["currency"]) !== null;
  return [
    lostZone("time_zone", booking["time_zone"] ?? booking["timezone"]),
    lostEnd("title", booking["title"], MAX_TITLE),
    // Many tables have prices in the one currency of their business, and no column for it.
    booking["currency"] == null ? null : lostPrice("price", price, isRead),
  ];
}

function readProvider({ provider, booking }: Told): Provider | null {
  const name = cleanText(provider["name"] ?? booking["provider_name"], MAX_NAME);
  const email = cleanText(provider["email"] ?? booking["provider_email"], MAX_EMAIL);
  return name === null && email === null ? null : { name, email };
}

function readClient({ client, booking }: Told, status: Attendee["status"]): Attendee[] | null {
  const name = cleanText(client["name"] ?? booking["client_name"], MAX_NAME);
  const email = cleanText(client["email"] ?? booking["client_email"], MAX_EMAIL);
  const phone = cleanText(client["phone"] ?? booking["client_phone"], MAX_PHONE);
  if (name === null && email === null && phone === null) return null;
  return [{ name, email, phone, status, seatRef: null }];
}

/** The ids by which the source knows the booking and its people, for whoever looks them up there. */
function readMetadata(
  booking: Told["booking"],
  event: Told["event"],
): Readonly<Record<string, unknown>> | null {
  const own = booking["metadata"] ?? event["metadata"];
  const ids = Object.fromEntries(
    ["booking_number", "client_id", "provider_id"].flatMap((name) => {
      const value = booking[name];
      return typeof value === "string" || typeof value === "number" ? [[name, value]] : [];
    }),
  );
  const given = typeof own === "object" && own !== null && !Array.isArray(own) ? own : {};
  const metadata = cleanMetadata({ ...given, ...ids });
  return Object.keys(metadata).length === 0 ? null : metadata;
}
