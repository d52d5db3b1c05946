import type {
  Attendee,
  BookingFields,
  BookingStatus,
  ChangeKind,
} from "../../../domain/booking.ts";
import { isRecord } from "../../../domain/is-record.ts";
import { cleanMetadata } from "../../clean-metadata.ts";
import { cleanText, isCleanText } from "../../clean-text.ts";
import type { ConnectorChange, ReportedBooking } from "../../connector.ts";
import { readInstant } from "../../read-instant.ts";
import { readFields, readNamed, readTimes } from "../fields.ts";
import { bookingSchema, type CalcomBooking } from "../schema.ts";
import type { CalcomSettings } from "../settings.ts";
import { type ApiBooking, apiBookingSchema, type ApiStatus } from "./schema.ts";

const MAX_ID = 500;
const MAX_REASON = 1000;

/** For whom bookings are read. */
export interface Reader {
  /** The organisation's IANA zone, for a booking that names none. */
  readonly timeZone: string;
  readonly settings: CalcomSettings;
}

/** A booking of the API that could not be read, and why. */
export interface Unreadable {
  /** Its uid, as far as it has one. */
  readonly uid: string | null;
  readonly reason: string;
}

/** What the hub makes of the API's word: the change that leads there, and the state. */
const leadsTo: Record<ApiStatus, { readonly kind: ChangeKind; readonly status: BookingStatus }> = {
  accepted: { kind: "created", status: "confirmed" },
  pending: { kind: "requested", status: "pending" },
  cancelled: { kind: "cancelled", status: "cancelled" },
  rejected: { kind: "rejected", status: "rejected" },
};

/**
 * What the API tells in another form than webhooks do: the description is the booker's note here
 * and the event type's text there, and answers come without their questions.
 */
const fillsOnly: readonly (keyof BookingFields)[] = ["description", "metadata"];

/**
 * A booking as the API tells of it. Pure and total, whatever the value is.
 * @param asOf how old the answer is at most, by Cal.com's clock
 */
export function reportBooking(
  value: unknown,
  asOf: string,
  { timeZone, settings }: Reader,
): ReportedBooking | Unreadable {
  const parsed = apiBookingSchema.safeParse(value);
  const uid = isRecord(value) ? cleanText(value["uid"], MAX_ID) : null;
  if (!parsed.success) {
    return { uid, reason: `unknown form: ${parsed.error.issues[0]?.path.join(".") ?? ""}` };
  }
  const booking = parsed.data;
  if (!isCleanText(booking.uid, MAX_ID)) return { uid, reason: "its uid is not printable" };
  const asMessage = likeMessage(booking);
  const times = readTimes(asMessage);
  if (times.state !== "read") return { uid, reason: "its times cannot be read" };
  const { startsAt, endsAt } = times;
  const attendees = attendeesOf(booking, asMessage, asOf);
  const fields: Partial<BookingFields> = {
    timeZone,
    ...readFields(asMessage),
    attendees,
    startsAt,
    endsAt,
    metadata: metadataOf(booking),
    ...(booking.recurringBookingUid == null ? {} : { seriesRef: booking.recurringBookingUid }),
  };
  const named = readNamed(asMessage, settings);
  return {
    change: { ...changeOf(booking, asOf), fields },
    nextUid: uidOf(booking.rescheduledToUid),
    label: cleanText(booking.title, MAX_REASON) ?? booking.uid,
    asOf,
    fillsOnly,
    allAttendees: attendees.length > 0 && attendees.every(({ email }) => email !== null),
    // Whoever wants no word of it by messages wants none at all.
    endsByClock: settings.meetingEnded,
    ...(named === null ? {} : { named }),
  };
}

function changeOf(booking: ApiBooking, asOf: string): Omit<ConnectorChange, "fields"> {
  const isCancelled = booking.status === "cancelled";
  // A booking that was moved away was last changed by that.
  const changedAt = booking.rescheduledToUid == null ? readInstant(booking.updatedAt) : null;
  return {
    ...leadsTo[booking.status],
    refs: {
      uid: booking.uid,
      previousUid: uidOf(booking.rescheduledFromUid),
      icalUid: cleanText(booking.icsUid, MAX_ID),
    },
    occurredAt: changedAt ?? readInstant(booking.createdAt) ?? asOf,
    sourceSequence: null,
    sourceStatus: booking.status.toUpperCase(),
    statusReason: isCancelled ? cleanText(booking.cancellationReason, MAX_REASON) : null,
    cancelledBy: isCancelled ? cleanText(booking.cancelledByEmail, MAX_ID) : null,
  };
}

function uidOf(value: string | null | undefined): string | null {
  return value == null || !isCleanText(value, MAX_ID) ? null : value;
}

/** The same in the form of a webhook's payload, so that both are read by the same rules. */
function likeMessage(booking: ApiBooking): CalcomBooking {
  const host = records(booking.hosts)[0];
  const eventType = isRecord(booking.eventType) ? booking.eventType : {};
  const isPlace = cleanText(booking.location, MAX_REASON) !== null;
  return bookingSchema.parse({
    uid: booking.uid,
    startTime: booking.start,
    endTime: booking.end,
    length: booking.duration,
    title: booking.title,
    type: eventType["slug"],
    eventTypeId: eventType["id"] ?? booking.eventTypeId,
    description: booking.description,
    // `meetingUrl` is the older name of `location`.
    location: isPlace ? booking.location : booking.meetingUrl,
    metadata: booking.metadata,
    organizer:
      host === undefined
        ? null
        : { name: known(host["name"]), email: known(host["email"]), timeZone: host["timeZone"] },
    attendees: records(booking.attendees).map(({ name, email, timeZone, phoneNumber, absent }) => ({
      name,
      email,
      timeZone,
      phoneNumber,
      noShow: absent === true,
    })),
  });
}

/** A host who left is called `unknown`. */
const known = (value: unknown): unknown => (value === "unknown" ? null : value);

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** With the seats that shared bookings have, and since when this is known of each. */
function attendeesOf(booking: ApiBooking, asMessage: CalcomBooking, asOf: string): Attendee[] {
  return records(booking.attendees).flatMap((given, at) => {
    const person = asMessage.attendees?.[at];
    const read = person && readFields({ ...asMessage, attendees: [person] }).attendees?.[0];
    if (read === undefined) return [];
    const seatRef = cleanText(given["seatUid"], MAX_ID);
    return [{ ...read, seatRef, sourceUpdatedAt: asOf }];
  });
}

/** Fields that are the booking's own, and no answers to the organizer's questions. */
const ownFields = new Set(
  `name email guests location notes title rescheduleReason rescheduledReason attendeePhoneNumber
   smsReminderNumber displayEmail`.split(/\s+/),
);

function metadataOf({
  metadata,
  bookingFieldsResponses: answers,
}: ApiBooking): BookingFields["metadata"] {
  const given = isRecord(metadata) ? metadata : {};
  const own = Object.entries(isRecord(answers) ? answers : {}).filter(
    ([slug, value]) => !ownFields.has(slug) && value !== null && value !== "",
  );
  if (own.length === 0) return cleanMetadata(given);
  const answered = own.map(([slug, value]) => [slug, { label: slug, value }] as const);
  const answersBySlug: Record<string, unknown> = Object.fromEntries(answered);
  return cleanMetadata({ answers: answersBySlug, ...given });
}
