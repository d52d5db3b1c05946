import type { BookingStatus, ChangeKind } from "../../domain/booking.ts";
import type { SourceAlertCode } from "../connector.ts";
import { statusSaid } from "./fields.ts";
import type { CalcomBooking } from "./schema.ts";

/** How a trigger about a booking reads: the change it stands for, and the state that it leads to. */
export interface BookingRule {
  readonly kind: ChangeKind;
  /** Null when it says nothing about the state. */
  readonly status: (booking: CalcomBooking) => BookingStatus | null;
  /** Without times it makes no booking, so that a message without them says nothing. */
  readonly needsTimes: boolean;
  /** It may name the uid that the booking had before. */
  readonly succeeds: boolean;
}

const always = (status: BookingStatus) => (): BookingStatus => status;
/** The state that the payload tells: newer senders read it at delivery, not at the event. */
const asTold = (booking: CalcomBooking): BookingStatus => statusSaid(booking) ?? "confirmed";

const opening = { needsTimes: true, succeeds: true } as const;
const later = { needsTimes: false, succeeds: false } as const;

/**
 * The triggers that change a booking as a whole. Confirming a request has no trigger of its own:
 * it comes as BOOKING_CREATED. Rescheduling what must be confirmed comes as BOOKING_REQUESTED.
 * Whoever has yet to pay has not booked, although the payload says ACCEPTED.
 */
export const bookingRules: ReadonlyMap<string, BookingRule> = new Map([
  ["BOOKING_CREATED", { kind: "created", status: asTold, ...opening }],
  ["BOOKING_REQUESTED", { kind: "requested", status: always("pending"), ...opening }],
  ["BOOKING_RESCHEDULED", { kind: "rescheduled", status: asTold, ...opening }],
  ["BOOKING_PAYMENT_INITIATED", { kind: "created", status: always("pending"), ...opening }],
  ["INSTANT_MEETING", { kind: "requested", status: always("pending"), ...opening }],
  ["INSTANT_MEETING_ACCEPTED", { kind: "updated", status: always("confirmed"), ...later }],
  ["BOOKING_PAID", { kind: "payment_updated", status: statusSaid, ...later }],
  ["BOOKING_LOCATION_UPDATED", { kind: "updated", status: statusSaid, ...later }],
  ["BOOKING_REASSIGNED", { kind: "reassigned", status: statusSaid, ...later }],
  ["BOOKING_CANCELLED", { kind: "cancelled", status: always("cancelled"), ...later }],
  ["BOOKING_REJECTED", { kind: "rejected", status: always("rejected"), ...later }],
  ["MEETING_STARTED", { kind: "started", status: always("in_progress"), ...later }],
  ["MEETING_ENDED", { kind: "completed", status: always("completed"), ...later }],
]);

/** The triggers that tell one thing about a booking: who did not come, or where its recording is. */
export const remarkTriggers = [
  "BOOKING_NO_SHOW_UPDATED",
  "AFTER_GUESTS_CAL_VIDEO_NO_SHOW",
  "AFTER_HOSTS_CAL_VIDEO_NO_SHOW",
  "RECORDING_READY",
  "RECORDING_TRANSCRIPTION_GENERATED",
] as const;

export type RemarkTrigger = (typeof remarkTriggers)[number];

/** A trigger that changes no booking: why, and what people should see to. */
export interface SilentRule {
  readonly reason: string;
  readonly alert?: SourceAlertCode;
}

const aboutForms = "what a form was answered is no booking: one that follows is told by itself";
const aboutCredentials = "Cal.com has trouble with the credentials of its calendar delegation";

/** The triggers that change no booking, with the reason in words. */
export const silentTriggers: ReadonlyMap<string, SilentRule> = new Map<string, SilentRule>([
  ["PING", { reason: "the connection works" }],
  ["FORM_SUBMITTED", { reason: aboutForms }],
  ["FORM_SUBMITTED_NO_EVENT", { reason: aboutForms }],
  ["ROUTING_FORM_FALLBACK_HIT", { reason: "a routing form led to its fallback: no booking" }],
  ["OOO_CREATED", { reason: "an absence of a host changes no booking that was made" }],
  ["WRONG_ASSIGNMENT_REPORT", { reason: "a report about a host; a new host is told by itself" }],
  [
    "CALENDAR_ENTRY_REJECTED",
    {
      reason: "a calendar did not take the entry; the booking stays as it is",
      alert: "calendar_entry_rejected",
    },
  ],
  ["DELEGATION_CREDENTIAL_ERROR", { reason: aboutCredentials, alert: "credential_failing" }],
  [
    "DELEGATION_CREDENTIAL_SECRET_ROTATION_FAILED",
    { reason: aboutCredentials, alert: "credential_failing" },
  ],
  [
    "DELEGATION_CREDENTIAL_ROTATION_REQUIRED",
    { reason: aboutCredentials, alert: "credential_failing" },
  ],
  ["DELEGATION_CREDENTIAL_SECRET_ROTATED", { reason: "a credential was renewed: all is well" }],
]);
