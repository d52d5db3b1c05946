import type { CalcomAttendee, CalcomRow } from "./calcom-booking.ts";

/*
 * What a Cal.com sends to a webhook (cal.com/docs, "Webhooks", payload version 2021-10-20), with
 * its habits: times are spelt differently in other triggers, a seat's messages name that seat
 * alone, MEETING_ENDED is flat and frozen.
 */
export type WebhookBody = Readonly<Record<string, unknown>>;

const plain = (instant: string): string => instant.replace(/\.\d{3}Z$/, "Z");
const withOffset = (instant: string): string => instant.replace(/\.\d{3}Z$/, "+00:00");

/** @param only the attendee of the seat that it speaks of; everybody unless given */
function payloadOf(row: CalcomRow, only?: CalcomAttendee): WebhookBody {
  const { host, eventType } = row;
  const attendees = only === undefined ? row.attendees : [only];
  const phone = attendees[0]?.phone ?? null;
  return {
    type: eventType.slug,
    title: row.title,
    description: "",
    additionalNotes: row.note,
    eventTypeId: eventType.id,
    seatsPerTimeSlot: eventType.seats,
    ...(only?.seatUid == null ? {} : { attendeeSeatId: only.seatUid }),
    organizer: { ...host, language: { locale: "sv" }, timeFormat: "h:mma", utcOffset: 60 },
    attendees: attendees.map(({ name, email }) => ({
      email,
      name,
      timeZone: host.timeZone,
      language: { locale: "sv" },
      utcOffset: 60,
    })),
    responses:
      phone === null ? {} : { attendeePhoneNumber: { label: "phone_number", value: phone } },
    userFieldsResponses: Object.fromEntries(
      Object.entries(row.answers).map(([slug, value]) => [slug, { label: `${slug}?`, value }]),
    ),
    location: row.location,
    destinationCalendar: null,
    iCalUID: row.icsUid,
    iCalSequence: row.sequence,
    uid: row.uid,
    bookingId: row.id,
    startTime: plain(row.start),
    endTime: plain(row.end),
    length: eventType.minutes,
    metadata: row.metadata,
    status: row.status,
  };
}

const envelope = (triggerEvent: string, createdAt: string, payload: WebhookBody): WebhookBody => ({
  triggerEvent,
  createdAt,
  payload,
});

export const created = (row: CalcomRow, at: string, seat?: CalcomAttendee): WebhookBody =>
  envelope("BOOKING_CREATED", at, payloadOf(row, seat));

export const requested = (row: CalcomRow, at: string, previous?: CalcomRow): WebhookBody =>
  envelope("BOOKING_REQUESTED", at, { ...payloadOf(row), ...kinship(previous) });

export const rescheduled = (row: CalcomRow, at: string, previous: CalcomRow): WebhookBody =>
  envelope("BOOKING_RESCHEDULED", at, { ...payloadOf(row), ...kinship(previous) });

export const rejected = (row: CalcomRow, at: string): WebhookBody =>
  envelope("BOOKING_REJECTED", at, {
    ...payloadOf(row),
    startTime: row.start,
    endTime: row.end,
    rejectionReason: row.rejectionReason,
  });

export const cancelled = (row: CalcomRow, at: string, seat?: CalcomAttendee): WebhookBody =>
  envelope("BOOKING_CANCELLED", at, {
    ...payloadOf(row, seat),
    startTime: withOffset(row.start),
    endTime: withOffset(row.end),
    status: "CANCELLED",
    cancellationReason: row.cancellationReason,
    cancelledBy: row.cancelledBy,
  });

export const noShow = (
  row: CalcomRow,
  at: string,
  attendees: readonly CalcomAttendee[],
): WebhookBody =>
  envelope("BOOKING_NO_SHOW_UPDATED", at, {
    message: "no-show updated",
    attendees: attendees.map(({ email, isAbsent }) => ({ email, noShow: isAbsent })),
    bookingUid: row.uid,
    bookingId: row.id,
  });

export const ended = (row: CalcomRow): WebhookBody => ({
  triggerEvent: "MEETING_ENDED",
  id: row.id,
  uid: row.uid,
  title: row.title,
  startTime: row.start,
  endTime: row.end,
  status: "ACCEPTED",
  createdAt: row.createdAt,
  metadata: row.metadata,
  user: { name: row.host.name, email: row.host.email, timeZone: row.host.timeZone },
  attendees: row.attendees.map(({ name, email }) => ({ name, email, noShow: false })),
});

function kinship(previous: CalcomRow | undefined): WebhookBody {
  if (previous === undefined) return {};
  return {
    rescheduleId: previous.id,
    rescheduleUid: previous.uid,
    rescheduleStartTime: plain(previous.start),
    rescheduleEndTime: plain(previous.end),
  };
}
