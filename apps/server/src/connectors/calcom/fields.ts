import type { Attendee, BookingFields, BookingStatus, Provider } from "../../domain/booking.ts";
import { isRecord } from "../../domain/is-record.ts";
import { cleanMetadata } from "../clean-metadata.ts";
import { cleanText } from "../clean-text.ts";
import type { NamedRecords } from "../connector.ts";
import { lostEnd, lostPrice, lostZone } from "../losses.ts";
import { readInstant } from "../read-instant.ts";
import { readTimeZone } from "../read-time-zone.ts";
import { readUrl } from "../read-url.ts";
import type { CalcomBooking, CalcomPerson } from "./schema.ts";
import type { Problem } from "./errors.ts";
import { type CalcomSettings, defaultSettings } from "./settings.ts";

const MAX_NAME = 200;
/** The longest address that SMTP can carry is 254 characters; some sources pad. */
const MAX_EMAIL = 320;
const MAX_PHONE = 50;
const MAX_TITLE = 500;
const MAX_TEXT = 5000;
const MAX_ATTENDEES = 500;
const MAX_SEATS = 100_000;

const statuses: ReadonlyMap<string, BookingStatus> = new Map([
  ["ACCEPTED", "confirmed"],
  ["PENDING", "pending"],
  ["AWAITING_HOST", "pending"],
  ["CANCELLED", "cancelled"],
  ["REJECTED", "rejected"],
]);

/** The state that a payload tells; null for none, and for one that is not documented. */
export function statusSaid({ status }: CalcomBooking): BookingStatus | null {
  return statuses.get(status ?? "") ?? null;
}

/** What became of a message's times: read, left out, or no times at all. */
export type Times =
  | { readonly state: "read"; readonly startsAt: string; readonly endsAt: string }
  | { readonly state: "missing"; readonly field: "startTime" | "endTime" }
  | { readonly state: "wrong"; readonly problem: Problem };

/**
 * Reads start and end. Cal.com writes `Z`, `+00:00` and `.000Z`, each in other triggers; an end
 * that is missing follows from the event type's length in minutes.
 */
export function readTimes(booking: CalcomBooking): Times {
  if (isAbsent(booking.startTime)) return { state: "missing", field: "startTime" };
  const startsAt = readInstant(booking.startTime);
  if (startsAt === null) return { state: "wrong", problem: "startTime" };
  const endTime = isAbsent(booking.endTime)
    ? endByLength(startsAt, booking.length)
    : booking.endTime;
  if (endTime === null) return { state: "missing", field: "endTime" };
  const endsAt = readInstant(endTime);
  if (endsAt === null) return { state: "wrong", problem: "endTime" };
  if (Date.parse(endsAt) < Date.parse(startsAt)) return { state: "wrong", problem: "timeOrder" };
  return { state: "read", startsAt, endsAt };
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function endByLength(startsAt: string, minutes: unknown): string | null {
  const isLength = typeof minutes === "number" && minutes > 0 && minutes <= 366 * 24 * 60;
  return isLength ? new Date(Date.parse(startsAt) + minutes * 60_000).toISOString() : null;
}

/**
 * What the message says of the booking's fields, times left out. A field that it does not
 * mention is absent.
 */
export function readFields(booking: CalcomBooking): Partial<BookingFields> {
  const host = booking.organizer ?? booking.user;
  const service = cleanText(booking.type, MAX_NAME) ?? idText(booking.eventTypeId);
  return withoutBlanks({
    timeZone: readTimeZone(host?.timeZone),
    title: cleanText(booking.title, MAX_TITLE) ?? cleanText(booking.eventTitle, MAX_TITLE),
    description:
      cleanText(booking.description, MAX_TEXT) ?? cleanText(booking.additionalNotes, MAX_TEXT),
    location: readLocation(booking.location),
    meetingUrl: readMeetingUrl(booking),
    provider: readProvider(host),
    serviceKey: service,
    serviceName: service === null ? null : cleanText(booking.eventTitle, MAX_NAME),
    attendees: readAttendees(booking),
    metadata: readMetadata(booking),
    ...readPrice(booking),
    seats: readSeats(booking),
    seriesRef: readSeries(booking),
  });
}

/** What of the booking's fields could not be kept as it was said, in words. */
export function lossesOf(booking: CalcomBooking): (string | null)[] {
  const host = booking.organizer ?? booking.user;
  return [
    lostZone("The host's timeZone", host?.timeZone),
    lostEnd("title", booking.title ?? booking.eventTitle, MAX_TITLE),
    lostEnd("description", booking.description ?? booking.additionalNotes, MAX_TEXT),
    lostPrice("price", booking.price, readPrice(booking).priceMinor !== null),
  ];
}

type Blankable<Fields> = { [Key in keyof Fields]: Fields[Key] | null };

function withoutBlanks(fields: Blankable<Partial<BookingFields>>): Partial<BookingFields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/** What it costs; 0 is what Cal.com says of everything that is free. */
function readPrice({ price, currency }: CalcomBooking): {
  priceMinor: number | null;
  currency: string | null;
} {
  const code = cleanText(currency, 3)?.toUpperCase() ?? "";
  const isPrice = typeof price === "number" && Number.isSafeInteger(price) && price > 0;
  return isPrice && /^[A-Z]{3}$/.test(code)
    ? { priceMinor: price, currency: code }
    : { priceMinor: null, currency: null };
}

/** How many people a shared booking takes; null where it is not shared. */
export function readSeats({ seatsPerTimeSlot: seats }: CalcomBooking): number | null {
  const isCount = typeof seats === "number" && Number.isInteger(seats);
  return isCount && seats >= 1 && seats <= MAX_SEATS ? seats : null;
}

/**
 * What the occurrences of a series have in common. Webhooks have no one id for it: Cal.com's own
 * is in flat bodies alone, the calendar's in all but the first occurrence, whose iCalendar UID
 * begins with it.
 */
export function readSeries(booking: CalcomBooking): string | null {
  const own = cleanText(booking.recurringEventId, MAX_NAME);
  const calendars = cleanText(member(booking.existingRecurringEvent, "recurringEventId"), MAX_NAME);
  if (own !== null || calendars !== null) return own ?? calendars;
  if (!isRecord(booking.recurringEvent)) return null;
  return cleanText(booking.iCalUID, MAX_NAME)?.split("@")[0] ?? cleanText(booking.uid, MAX_NAME);
}

function idText(value: unknown): string | null {
  return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : null;
}

/** `integrations:daily` and its like name a video service, not a place. */
export function readLocation(value: unknown): string | null {
  const location = cleanText(value, MAX_NAME * 5);
  if (location === null || location.startsWith("integrations:")) return null;
  return readUrl(location) === null ? location : null;
}

function readMeetingUrl(booking: CalcomBooking): string | null {
  return (
    readUrl(member(booking.metadata, "videoCallUrl")) ??
    readUrl(member(booking.videoCallData, "url")) ??
    readUrl(booking.location)
  );
}

function readProvider(host: CalcomPerson | null | undefined): Provider | null {
  const name = cleanText(host?.name, MAX_NAME);
  const email = cleanText(host?.email, MAX_EMAIL);
  return name === null && email === null ? null : { name, email };
}

/** The booker comes first; the phone numbers outside the list are the booker's. */
export function readAttendees(booking: CalcomBooking): Attendee[] {
  const people = (booking.attendees ?? []).slice(0, MAX_ATTENDEES);
  const seatRef = people.length === 1 ? cleanText(booking.attendeeSeatId, MAX_NAME) : null;
  return people
    .map((person, index) =>
      readAttendee(person, index === 0 ? bookersPhone(booking) : null, seatRef),
    )
    .filter(({ name, email, phone }) => name !== null || email !== null || phone !== null);
}

function readAttendee(
  person: CalcomPerson,
  phone: string | null,
  seatRef: string | null,
): Attendee {
  return {
    name: cleanText(person.name, MAX_NAME),
    email: cleanText(person.email, MAX_EMAIL),
    phone: phone ?? cleanText(person.phoneNumber, MAX_PHONE),
    status: person.noShow === true ? "no_show" : "accepted",
    seatRef,
  };
}

function bookersPhone(booking: CalcomBooking): string | null {
  return (
    cleanText(booking.smsReminderNumber, MAX_PHONE) ??
    cleanText(answer(booking.responses, "attendeePhoneNumber"), MAX_PHONE) ??
    cleanText(answer(booking.responses, "phone"), MAX_PHONE)
  );
}

/** The booking's own metadata, and the answers to the organizer's questions beside it. */
function readMetadata(booking: CalcomBooking): Readonly<Record<string, unknown>> {
  const given = isRecord(booking.metadata) ? booking.metadata : {};
  const answers = readAnswers(booking.userFieldsResponses);
  if (answers.length === 0) return cleanMetadata(given);
  const others = Object.entries(given).filter(([key]) => key !== "answers");
  return cleanMetadata(Object.fromEntries([["answers", Object.fromEntries(answers)], ...others]));
}

/** The customer and the pet that booking pages put into the metadata of the links they make. */
export function readNamed(
  booking: CalcomBooking,
  { customerKey, petKey }: CalcomSettings = defaultSettings,
): NamedRecords | null {
  const customerId = recordId(member(booking.metadata, customerKey));
  const subjectId = recordId(member(booking.metadata, petKey));
  return customerId === null && subjectId === null ? null : { customerId, subjectId };
}

function recordId(value: unknown): string | null {
  return idText(value) ?? cleanText(value, MAX_NAME);
}

function readAnswers(responses: unknown): [string, unknown][] {
  if (!isRecord(responses)) return [];
  return Object.keys(responses)
    .map((slug): [string, unknown] => {
      const label = member(responses[slug], "label");
      return [slug, { label: label ?? slug, value: answer(responses, slug) }];
    })
    .filter(([slug]) => !isAbsent(answer(responses, slug)));
}

/** An answer to a form: `{ label, value }`, or the bare value in some triggers. */
function answer(responses: unknown, slug: string): unknown {
  const given = member(responses, slug);
  return isRecord(given) ? given["value"] : given;
}

export function member(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
