import type { Attendee, BookingFields, PaymentStatus, Provider } from "../../domain/booking.ts";
import { isRecord } from "../../domain/is-record.ts";
import { cleanMetadata } from "../clean-metadata.ts";
import { cleanText } from "../clean-text.ts";
import { readInstant } from "../read-instant.ts";
import { readPrice } from "../read-price.ts";
import { readTimeZone } from "../read-time-zone.ts";
import { readUrl } from "../read-url.ts";
import type { Problem } from "./errors.ts";
import type { CalendlyEvent, CalendlyInvitee } from "./schema.ts";

const MAX_NAME = 200;
const MAX_EMAIL = 320;
const MAX_PHONE = 50;
/** So much of a name is kept as the title, in UTF-16 units. */
export const MAX_TITLE = 500;
const MAX_PLACE = 1000;
const MAX_TEXT = 5000;
const MAX_ID = 500;
const MAX_GUESTS = 100;

/** What became of a message's times: read, left out, or no times at all. */
export type Times =
  | { readonly state: "read"; readonly startsAt: string; readonly endsAt: string }
  | { readonly state: "missing"; readonly field: "start_time" | "end_time" }
  | { readonly state: "wrong"; readonly problem: Problem };

/** Reads start and end of the invitee's event. */
export function readTimes(event: CalendlyEvent | null | undefined): Times {
  if (event?.start_time == null) return { state: "missing", field: "start_time" };
  if (event.end_time == null) return { state: "missing", field: "end_time" };
  const startsAt = readInstant(event.start_time);
  if (startsAt === null) return { state: "wrong", problem: "start_time" };
  const endsAt = readInstant(event.end_time);
  if (endsAt === null) return { state: "wrong", problem: "end_time" };
  if (Date.parse(endsAt) < Date.parse(startsAt)) return { state: "wrong", problem: "timeOrder" };
  return { state: "read", startsAt, endsAt };
}

/** What the message says of the booking's fields, times left out; what it does not, is absent. */
export function readFields(invitee: CalendlyInvitee): Partial<BookingFields> {
  const event = invitee.scheduled_event ?? {};
  const fields = {
    title: cleanText(event.name, MAX_TITLE),
    description: cleanText(event.meeting_notes_plain, MAX_TEXT),
    location: readPlace(event.location),
    meetingUrl: readMeetingUrl(event.location),
    provider: readProvider(event.event_memberships),
    serviceKey: lastSegment(event.event_type),
    serviceName: cleanText(event.name, MAX_NAME),
    attendees: readAttendees(invitee, event),
    metadata: readMetadata(invitee, event),
    seriesRef: isGroup(event) ? cleanText(event.uri, MAX_ID) : null,
    ...readPayment(invitee.payment),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/** `https://api.calendly.com/event_types/AAAA` names the type AAAA. */
function lastSegment(uri: unknown): string | null {
  const text = cleanText(uri, MAX_ID);
  return text === null ? null : cleanText(text.split("/").at(-1), MAX_NAME);
}

/** A class: an event that more than one person can book. */
function isGroup({ invitees_counter: counter }: CalendlyEvent): boolean {
  const limit = isRecord(counter) ? counter["limit"] : null;
  return typeof limit === "number" && limit > 1;
}

/** Kinds of place whose text is somebody's number. */
const callKinds: ReadonlySet<unknown> = new Set(["outbound_call", "inbound_call"]);

/** `physical`, `ask_invitee` and `custom` name a place; calls a number; the others are online. */
function readPlace(location: unknown): string | null {
  if (!isRecord(location)) return null;
  const place = cleanText(location["location"], MAX_PLACE);
  const more = cleanText(location["additional_info"], MAX_PLACE);
  if (place === null) return more;
  if (readUrl(place) !== null) return null;
  return cleanText(more === null ? place : `${place} (${more})`, MAX_PLACE);
}

function readMeetingUrl(location: unknown): string | null {
  return isRecord(location)
    ? (readUrl(location["join_url"]) ?? readUrl(location["location"]))
    : null;
}

function readProvider(memberships: unknown): Provider | null {
  const [host] = Array.isArray(memberships) ? (memberships as unknown[]) : [];
  if (!isRecord(host)) return null;
  const name = cleanText(host["user_name"], MAX_NAME);
  const email = cleanText(host["user_email"], MAX_EMAIL);
  return name === null && email === null ? null : { name, email };
}

/** The invitee, and whom they bring along. Guests of a class belong to nobody in particular. */
function readAttendees(invitee: CalendlyInvitee, event: CalendlyEvent): Attendee[] {
  const invited: Attendee = {
    name: cleanText(invitee.name, MAX_NAME) ?? fullName(invitee),
    email: cleanText(invitee.email, MAX_EMAIL),
    phone: cleanText(invitee.text_reminder_number, MAX_PHONE) ?? phoneToCall(event.location),
    status: "accepted",
    seatRef: null,
  };
  const guests = Array.isArray(event.event_guests) && !isGroup(event) ? event.event_guests : [];
  const brought = guests.slice(0, MAX_GUESTS).map((guest: unknown): Attendee => {
    const email = isRecord(guest) ? cleanText(guest["email"], MAX_EMAIL) : null;
    return { name: null, email, phone: null, status: "accepted", seatRef: null };
  });
  return [invited, ...brought].filter(
    ({ name, email, phone }) => name !== null || email !== null || phone !== null,
  );
}

function fullName({ first_name: first, last_name: last }: CalendlyInvitee): string | null {
  const names = [first, last]
    .map((name) => cleanText(name, MAX_NAME))
    .filter((name) => name !== null);
  return cleanText(names.join(" "), MAX_NAME);
}

/** Whoever is called by the host leaves the number as the place. */
function phoneToCall(location: unknown): string | null {
  if (!isRecord(location) || !callKinds.has(location["type"])) return null;
  return location["type"] === "outbound_call" ? cleanText(location["location"], MAX_PHONE) : null;
}

function readMetadata(
  invitee: CalendlyInvitee,
  event: CalendlyEvent,
): Readonly<Record<string, unknown>> {
  const given = {
    answers: readAnswers(invitee.questions_and_answers),
    event: event.uri,
    invitee_time_zone: readTimeZone(invitee.timezone),
    cancel_url: readUrl(invitee.cancel_url),
    reschedule_url: readUrl(invitee.reschedule_url),
    tracking: filled(invitee.tracking),
  };
  return cleanMetadata(filled(given));
}

/** The questions of the booking page, by their position. */
function readAnswers(questions: unknown): Record<string, unknown> | null {
  if (!Array.isArray(questions)) return null;
  const answers = questions.filter(isRecord).flatMap((each, at) => {
    const { question, answer, position } = each;
    const key = typeof position === "number" ? position : at;
    return isSaid(answer) ? [[String(key), { label: question, value: answer }] as const] : [];
  });
  return answers.length === 0 ? null : Object.fromEntries(answers);
}

function filled(record: unknown): Record<string, unknown> | null {
  if (!isRecord(record)) return null;
  const entries = Object.entries(record).filter(([, value]) => isSaid(value));
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

const isSaid = (value: unknown): boolean => value !== null && value !== undefined && value !== "";

interface Payment {
  readonly paymentStatus?: PaymentStatus;
  readonly priceMinor?: number;
  readonly currency?: string;
}

function readPayment(payment: unknown): Payment {
  if (!isRecord(payment)) return {};
  const status = payment["successful"] === true ? "paid" : "initiated";
  return { paymentStatus: status, ...readPrice(payment["amount"], payment["currency"]) };
}
