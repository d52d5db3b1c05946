import { z } from "zod";
import { isRecord } from "../../domain/is-record.ts";

/*
 * What Cal.com sends, as far as it is read (cal.com/docs, "Webhooks", payload versions
 * 2021-10-20 and 2026-07-27). What decides about a booking must have its documented type; what only decorates
 * it stays unknown here, so that an odd answer to a form never costs a booking.
 */
const anything = z.unknown().optional();

const person = z.object({
  name: anything,
  email: anything,
  timeZone: anything,
  phoneNumber: anything,
  noShow: z.boolean().nullish(),
});

export type CalcomPerson = z.infer<typeof person>;

/** The envelope, or the whole of a flat body: MEETING_STARTED and MEETING_ENDED come without one. */
export const envelopeSchema = z.looseObject({
  triggerEvent: z.string(),
  createdAt: anything,
  payload: z.custom<Record<string, unknown>>(isRecord).nullish(),
});

export type CalcomEnvelope = z.infer<typeof envelopeSchema>;

/** A booking, wherever it stands in the body. */
export const bookingSchema = z.object({
  uid: z.string().nullish(),
  /** The uid's name in BOOKING_NO_SHOW_UPDATED. */
  bookingUid: z.string().nullish(),
  booking: z.object({ uid: z.string().nullish() }).nullish(),
  rescheduleUid: z.string().nullish(),
  rescheduleStartTime: anything,
  iCalUID: anything,
  /** Calendar files that payload version 2026-07-27 adds; they have a UID and a SEQUENCE. */
  organizerIcsContent: anything,
  attendeeIcsContent: anything,
  iCalSequence: anything,
  status: z.string().nullish(),
  startTime: anything,
  endTime: anything,
  /** Minutes. */
  length: anything,
  title: anything,
  eventTitle: anything,
  /** Slug of the event type. */
  type: anything,
  eventTypeId: anything,
  description: anything,
  additionalNotes: anything,
  location: anything,
  videoCallData: anything,
  metadata: anything,
  responses: anything,
  userFieldsResponses: anything,
  organizer: person.nullish(),
  /** The organizer's name in flat bodies. */
  user: person.nullish(),
  attendees: z.array(person).nullish(),
  smsReminderNumber: anything,
  /** In the smallest unit of the currency. */
  price: anything,
  currency: anything,
  requiresConfirmation: anything,
  /** How the occurrences of a series repeat. */
  recurringEvent: anything,
  /** On the second occurrence and later: the series' id in the host's calendar. */
  existingRecurringEvent: anything,
  /** Cal.com's own id of the series, in flat bodies. */
  recurringEventId: anything,
  /** Who did not join a call. */
  guests: anything,
  noShowHost: anything,
  hostEmail: anything,
  downloadLink: anything,
  downloadLinks: anything,
  seatsPerTimeSlot: anything,
  attendeeSeatId: anything,
  cancellationReason: anything,
  cancelledBy: anything,
  requestReschedule: anything,
  rejectionReason: anything,
});

export type CalcomBooking = z.infer<typeof bookingSchema>;
