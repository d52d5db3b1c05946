import type { Attendee, BookingFields, BookingStatus, ChangeKind } from "../../domain/booking.ts";
import { isRecord } from "../../domain/is-record.ts";
import { cleanMetadata } from "../clean-metadata.ts";
import { cleanText } from "../clean-text.ts";
import type { ReportedBooking } from "../connector.ts";
import { readInstant } from "../read-instant.ts";
import { readPrice } from "../read-price.ts";
import { readTimeZone } from "../read-time-zone.ts";
import { readUrl } from "../read-url.ts";
import { type AcuityAppointment, appointmentSchema } from "./schema.ts";

const MAX_NAME = 200;
const MAX_EMAIL = 320;
const MAX_PHONE = 50;
const MAX_TITLE = 500;
const MAX_PLACE = 1000;
const MAX_TEXT = 5000;
const MAX_MINUTES = 366 * 24 * 60;
const MINUTE = 60_000;

/** What the hub knows beside the answer. */
export interface ReportContext {
  /** When it was asked, by the hub's clock. RFC 3339. */
  readonly askedAt: string;
  /** How old the answer is at most, by Acuity's clock. RFC 3339. */
  readonly asOf: string;
  /** IANA zone of the organisation. */
  readonly timeZone: string;
  /** ISO 4217 code of the account's prices; empty when nobody said. */
  readonly currency: string;
}

/**
 * An appointment as the API tells of it, or null for what does not have the documented shape. Pure
 * and total. Acuity does not say when it changed: what was asked for later is newer, because the
 * message about a change is sent after it.
 */
export function reportAppointment(value: unknown, context: ReportContext): ReportedBooking | null {
  const parsed = appointmentSchema.safeParse(value);
  if (!parsed.success) return null;
  const appointment = parsed.data;
  const times = readTimes(appointment);
  const uid = cleanText(String(appointment.id), MAX_NAME);
  if (times === null || uid === null) return null;
  const { kind, status } = stateOf(appointment);
  const fields: Partial<BookingFields> = {
    timeZone: context.timeZone,
    ...readFields(appointment, context.currency),
    ...times,
  };
  return {
    change: {
      kind,
      refs: { uid, previousUid: null, icalUid: null },
      occurredAt: context.askedAt,
      sourceSequence: null,
      status,
      sourceStatus: status,
      statusReason: null,
      cancelledBy: null,
      onePerson: true,
      fields,
    },
    nextUid: null,
    label: fields.title ?? uid,
    asOf: context.asOf,
  };
}

/** A no-show is a cancelled appointment that says so. */
function stateOf({ canceled, noShow }: AcuityAppointment): {
  readonly kind: ChangeKind;
  readonly status: BookingStatus;
} {
  if (canceled !== true) return { kind: "created", status: "confirmed" };
  return noShow === true
    ? { kind: "no_show", status: "no_show" }
    : { kind: "cancelled", status: "cancelled" };
}

function readTimes({ datetime, duration }: AcuityAppointment): {
  readonly startsAt: string;
  readonly endsAt: string;
} | null {
  const startsAt = readInstant(datetime);
  const minutes = numberOf(duration);
  if (startsAt === null || !(minutes >= 0 && minutes <= MAX_MINUTES)) return null;
  const endsAt = new Date(Date.parse(startsAt) + Math.round(minutes * MINUTE)).toISOString();
  return { startsAt, endsAt };
}

function readFields(appointment: AcuityAppointment, currency: string): Partial<BookingFields> {
  const place = cleanText(appointment.location, MAX_PLACE);
  const link = readUrl(place);
  const provider = cleanText(appointment.calendar, MAX_NAME);
  const fields = {
    title: cleanText(appointment.type, MAX_TITLE),
    description: cleanText(appointment.notes, MAX_TEXT),
    location: link === null ? place : null,
    meetingUrl: link,
    provider: provider === null ? null : { name: provider, email: null },
    serviceKey: idText(appointment.appointmentTypeID),
    serviceName: cleanText(appointment.type, MAX_NAME),
    attendees: readAttendees(appointment),
    metadata: readMetadata(appointment),
    seriesRef: idText(appointment.classID),
    paymentStatus: isPaid(appointment) ? ("paid" as const) : null,
    ...readPrice(appointment.price, currency),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function isPaid({ paid, price }: AcuityAppointment): boolean {
  return paid === "yes" && numberOf(price) > 0;
}

/** A number, also one that is written as text; NaN for anything else: an object may refuse to become one. */
function numberOf(value: unknown): number {
  return typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
}

function idText(value: unknown): string | null {
  return typeof value === "number" && Number.isSafeInteger(value)
    ? String(value)
    : cleanText(value, MAX_NAME);
}

function readAttendees(appointment: AcuityAppointment): Attendee[] | null {
  const names = [appointment.firstName, appointment.lastName]
    .map((name) => cleanText(name, MAX_NAME))
    .filter((name) => name !== null);
  const attendee: Attendee = {
    name: cleanText(names.join(" "), MAX_NAME),
    email: cleanText(appointment.email, MAX_EMAIL),
    phone: cleanText(appointment.phone, MAX_PHONE),
    status: "accepted",
    seatRef: null,
  };
  const { name, email, phone } = attendee;
  return name === null && email === null && phone === null ? null : [attendee];
}

function readMetadata(appointment: AcuityAppointment): Readonly<Record<string, unknown>> {
  const labels = records(appointment.labels).map(({ name }) => name);
  return cleanMetadata({
    answers: readAnswers(appointment.forms),
    ...(labels.length === 0 ? {} : { labels }),
    calendar_id: appointment.calendarID,
    client_time_zone: readTimeZone(appointment.timezone),
    confirmation_page: readUrl(appointment.confirmationPage),
  });
}

/** The answers to the intake forms, by the number of their field. */
function readAnswers(forms: unknown): Record<string, unknown> | null {
  const answers = records(forms)
    .flatMap((form) => records(form["values"]))
    .filter(({ value }) => value !== null && value !== undefined && value !== "")
    .map(
      ({ fieldID, name, value }, at) =>
        [idText(fieldID) ?? String(at), { label: name, value }] as const,
    );
  return answers.length === 0 ? null : Object.fromEntries(answers);
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
