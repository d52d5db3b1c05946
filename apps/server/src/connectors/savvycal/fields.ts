import type { Attendee, BookingFields, PaymentStatus, Provider } from "../../domain/booking.ts";
import { isRecord } from "../../domain/is-record.ts";
import { cleanMetadata } from "../clean-metadata.ts";
import { cleanText } from "../clean-text.ts";
import { lostEnd, lostZone } from "../losses.ts";
import { readInstant } from "../read-instant.ts";
import { readTimeZone } from "../read-time-zone.ts";
import { readUrl } from "../read-url.ts";
import type { Problem } from "./errors.ts";
import type { SavvycalEvent } from "./schema.ts";

const MAX_NAME = 200;
const MAX_EMAIL = 320;
const MAX_PHONE = 50;
const MAX_TITLE = 500;
const MAX_PLACE = 1000;
const MAX_TEXT = 5000;
const MAX_ATTENDEES = 500;
const MAX_SEATS = 100_000;

/** What became of a message's times: read, left out, or no times at all. */
export type Times =
  | { readonly state: "read"; readonly startsAt: string; readonly endsAt: string }
  | { readonly state: "missing"; readonly field: "start_at" | "end_at" }
  | { readonly state: "wrong"; readonly problem: Problem };

/** Reads start and end. */
export function readTimes(event: SavvycalEvent): Times {
  if (event.start_at == null) return { state: "missing", field: "start_at" };
  if (event.end_at == null) return { state: "missing", field: "end_at" };
  const startsAt = readInstant(event.start_at);
  const endsAt = readInstant(event.end_at);
  if (startsAt === null || endsAt === null) return { state: "wrong", problem: "times" };
  if (Date.parse(endsAt) < Date.parse(startsAt)) return { state: "wrong", problem: "timeOrder" };
  return { state: "read", startsAt, endsAt };
}

/** What the message says of the booking's fields, times left out; what it does not, is absent. */
export function readFields(event: SavvycalEvent): Partial<BookingFields> {
  const link = isRecord(event.link) ? event.link : {};
  const organizer = organizerOf(event);
  const place = cleanText(event.location, MAX_PLACE);
  const call = isRecord(event.conferencing) ? readUrl(event.conferencing["join_url"]) : null;
  const fields = {
    timeZone: readTimeZone(organizer?.["time_zone"]),
    title: cleanText(event.summary, MAX_TITLE),
    description: cleanText(event.description, MAX_TEXT),
    location: readUrl(place) === null ? place : null,
    meetingUrl: call ?? readUrl(place),
    provider: readProvider(organizer),
    serviceKey: cleanText(link["slug"], MAX_NAME) ?? cleanText(link["id"], MAX_NAME),
    serviceName: cleanText(link["private_name"], MAX_NAME) ?? cleanText(link["name"], MAX_NAME),
    attendees: readAttendees(event),
    metadata: readMetadata(event),
    paymentStatus: readPayment(event.payment),
    seats: readSeats(event),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/** What of them could not be kept as it was said, in words. */
export function lossesOf(event: SavvycalEvent): (string | null)[] {
  return [
    lostZone("The organizer's time_zone", organizerOf(event)?.["time_zone"]),
    lostEnd("summary", event.summary, MAX_TITLE),
    lostEnd("description", event.description, MAX_TEXT),
  ];
}

type Person = Readonly<Record<string, unknown>>;

function organizerOf({ organizer, attendees }: SavvycalEvent): Person | null {
  if (isRecord(organizer)) return organizer;
  return records(attendees).find((person) => person["is_organizer"] === true) ?? null;
}

function readProvider(organizer: Person | null): Provider | null {
  if (organizer === null) return null;
  const name = cleanText(organizer["display_name"], MAX_NAME);
  const email = cleanText(organizer["email"], MAX_EMAIL);
  return name === null && email === null ? null : { name, email };
}

/** Whoever booked comes first; whose calendar it is does not come, but is come to. */
function readAttendees(event: SavvycalEvent): Attendee[] {
  const { scheduler } = event;
  const first = isRecord(scheduler) ? scheduler["id"] : null;
  const guests = records(event.attendees).filter((person) => person["is_organizer"] !== true);
  const sorted = guests.toSorted(
    (one, other) => Number(other["id"] === first) - Number(one["id"] === first),
  );
  const people = sorted.length === 0 && isRecord(scheduler) ? [scheduler] : sorted;
  const isShared = event.is_group_session === true;
  return people
    .slice(0, MAX_ATTENDEES)
    .map((person) => readAttendee(person, isShared))
    .filter(({ name, email, phone }) => name !== null || email !== null || phone !== null);
}

function readAttendee(person: Person, isShared: boolean): Attendee {
  const answer = person["response_status"];
  const isGone = answer === "declined" || answer === "canceled";
  return {
    name: cleanText(person["display_name"], MAX_NAME),
    email: cleanText(person["email"], MAX_EMAIL),
    phone: cleanText(person["phone_number"], MAX_PHONE),
    status: isGone ? "cancelled" : "accepted",
    seatRef: isShared ? cleanText(person["id"], MAX_NAME) : null,
  };
}

function readSeats({
  is_group_session: isShared,
  max_attendees: most,
}: SavvycalEvent): number | null {
  if (isShared !== true || typeof most !== "number") return null;
  return Number.isInteger(most) && most > 0 && most <= MAX_SEATS ? most : null;
}

function readPayment(payment: unknown): PaymentStatus | null {
  if (!isRecord(payment)) return null;
  return payment["state"] === "paid" ? "paid" : "initiated";
}

function readMetadata(event: SavvycalEvent): Readonly<Record<string, unknown>> {
  const given = isRecord(event.metadata) ? event.metadata : {};
  const answers = readAnswers(event.attendees);
  const others = Object.entries(given).filter(([key]) => key !== "answers");
  return cleanMetadata(
    Object.fromEntries([...(answers === null ? [] : [["answers", answers]]), ...others]),
  );
}

/** The answers to the link's questions, which are each attendee's own. */
function readAnswers(attendees: unknown): Record<string, unknown> | null {
  const answers = records(attendees)
    .flatMap((person) => records(person["fields"]))
    .filter(({ value }) => value !== null && value !== undefined && value !== "")
    .map(
      ({ id, label, value }, at) =>
        [cleanText(id, MAX_NAME) ?? String(at), { label, value }] as const,
    );
  return answers.length === 0 ? null : Object.fromEntries(answers);
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
