import type { Attendee, BookingFields } from "../../domain/booking.ts";
import { cleanText } from "../clean-text.ts";
import { readInstant } from "../read-instant.ts";
import { readLocalTime } from "../read-local-time.ts";
import { readUrl } from "../read-url.ts";
import type { BookmeBooking } from "./schema.ts";

const MAX_NAME = 200;
const MAX_TITLE = 500;
/** So much of the notes is kept, in UTF-16 units. */
export const MAX_TEXT = 5000;
const MAX_PHONE = 50;
const MINUTE = 60_000;

/** What became of a message's time: read, left out, or no time at all. */
export type Times =
  | {
      readonly state: "read";
      readonly startsAt: string;
      readonly endsAt: string;
      /** It had no offset, and was taken for the organisation's time. */
      readonly isLocal: boolean;
    }
  /** A move that does not say how long the visit takes: as long as before. */
  | { readonly state: "start"; readonly startsAt: string; readonly isLocal: boolean }
  | { readonly state: "missing" | "wrong" };

/**
 * Reads start and end: the site tells the start and how many minutes it takes.
 * @param timeZone IANA zone of a start without an offset
 */
export function readTimes(booking: BookmeBooking, timeZone: string): Times {
  const { scheduledDate, duration } = booking;
  if (scheduledDate == null) return { state: "missing" };
  const instant = readInstant(scheduledDate);
  const startsAt = instant ?? readLocalTime(scheduledDate, timeZone);
  if (startsAt === null) return { state: "wrong" };
  if (duration == null) return { state: "start", startsAt, isLocal: instant === null };
  // A booking's length is told in whole minutes, and its end has to agree.
  const endsAt = new Date(Date.parse(startsAt) + Math.round(duration) * MINUTE).toISOString();
  return { state: "read", startsAt, endsAt, isLocal: instant === null };
}

/**
 * What the message says of the booking's fields, times left out; what it does not, is absent.
 * @param came whether whoever booked came, or is still to come
 */
export function readFields(
  booking: BookmeBooking,
  came: Attendee["status"] = "accepted",
): Partial<BookingFields> {
  const service = cleanText(booking.eventType, MAX_NAME);
  const company = cleanText(booking.company, MAX_NAME);
  const who = company ?? cleanText(booking.name, MAX_NAME);
  const title = service === null ? null : who === null ? service : `${service} - ${who}`;
  const fields = {
    title: cleanText(title, MAX_TITLE),
    description: cleanText(booking.notes, MAX_TEXT),
    meetingUrl: readUrl(booking.meetingUrl),
    serviceKey: service,
    serviceName: service,
    attendees: readAttendees(booking, came),
    metadata: company === null ? null : { company },
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function readAttendees(booking: BookmeBooking, status: Attendee["status"]): Attendee[] | null {
  const attendee: Attendee = {
    name: cleanText(booking.name, MAX_NAME),
    email: cleanText(booking.email, MAX_NAME * 2),
    phone: cleanText(booking.phone, MAX_PHONE),
    status,
    seatRef: null,
  };
  const { name, email, phone } = attendee;
  return name === null && email === null && phone === null ? null : [attendee];
}
