import type { Attendee, BookingFields, ChangeRefs } from "../../domain/booking.ts";
import { isRecord } from "../../domain/is-record.ts";
import { cleanText, isCleanText } from "../clean-text.ts";
import type { Interpretation, InterpretContext } from "../connector.ts";
import { readInstant } from "../read-instant.ts";
import { readUrl } from "../read-url.ts";
import { asksOf } from "./asks.ts";
import { readCalendarFile } from "./calendar-file.ts";
import { failed } from "./errors.ts";
import {
  readAttendees,
  readFields,
  readLocation,
  readNamed,
  readSeats,
  readTimes,
} from "./fields.ts";
import { interpretRemark } from "./remarks.ts";
import {
  bookingSchema,
  type CalcomBooking,
  type CalcomEnvelope,
  envelopeSchema,
} from "./schema.ts";
import { readSettings } from "./settings.ts";
import {
  type BookingRule,
  bookingRules,
  type RemarkTrigger,
  remarkTriggers,
  silentTriggers,
} from "./triggers.ts";
import { type Message, type Said, toInterpretation } from "./message.ts";

const MAX_TRIGGER = 100;
const MAX_ID = 500;
const MAX_REASON = 1000;

/** Understands a body of Cal.com. Pure and total: see {@link Connector.interpret}. */
export function interpret(body: unknown, context: InterpretContext): Interpretation {
  if (!isRecord(body)) return failed(null, "noObject");
  const trigger = cleanText(body["triggerEvent"], MAX_TRIGGER);
  if (trigger === null) return failed(null, "noTrigger");
  if (!bookingRules.has(trigger) && !isRemark(trigger)) return ignoreSilent(trigger, body);
  const envelope = envelopeSchema.safeParse(body);
  if (!envelope.success) return failed(trigger, "payload");
  const booking = bookingSchema.safeParse(envelope.data.payload ?? body);
  if (!booking.success) {
    const where = booking.error.issues[0]?.path.join(".").slice(0, MAX_TRIGGER);
    return failed(trigger, "booking", where);
  }
  return interpretBooking(trigger, envelope.data, booking.data, context);
}

function isRemark(trigger: string): trigger is RemarkTrigger {
  return (remarkTriggers as readonly string[]).includes(trigger);
}

/** A trigger that changes no booking. New ones appear several times a year. */
function ignoreSilent(trigger: string, body: Record<string, unknown>): Interpretation {
  const rule = silentTriggers.get(trigger);
  if (rule === undefined) {
    return {
      outcome: "ignored",
      trigger,
      reason: `${trigger} is not known to the hub: it is kept, and changes nothing`,
    };
  }
  const { reason, alert: code } = rule;
  const payload = isRecord(body["payload"]) ? body["payload"] : body;
  const about = cleanText(payload["title"] ?? payload["message"] ?? payload["error"], 200);
  const detail = about === null ? reason : `${reason}: ${about}`;
  const asks = code === undefined ? {} : { asks: [{ kind: "alert", code, detail } as const] };
  return { outcome: "ignored", trigger, reason: `${trigger}: ${reason}`, ...asks };
}

function interpretBooking(
  trigger: string,
  envelope: CalcomEnvelope,
  booking: CalcomBooking,
  context: InterpretContext,
): Interpretation {
  const uid = firstText(booking.uid, booking.bookingUid, envelope["uid"], booking.booking?.uid);
  if (uid === null) return saysTooLittle(trigger, "uid");
  const rule = bookingRules.get(trigger);
  const previousUid = rule?.succeeds === true ? firstText(booking.rescheduleUid) : null;
  if (!isCleanText(uid, MAX_ID)) return failed(trigger, "uid");
  if (previousUid !== null && !isCleanText(previousUid, MAX_ID)) return failed(trigger, "uid");
  const settings = readSettings(context.settings);
  const occurredAt = occurrence(trigger, envelope, booking) ?? context.receivedAt.toISOString();
  const refs = readRefs(booking, uid, previousUid);
  const saidAt =
    isFlat(envelope) && trigger.startsWith("MEETING_") ? undefined : envelope.createdAt;
  const message: Message = { trigger, booking, refs, occurredAt, saidAt, context, settings };
  if (isRemark(trigger)) return interpretRemark({ ...message, trigger });
  if (rule === undefined) return failed(trigger, "booking");
  const isOff = trigger === "MEETING_STARTED" ? !settings.meetingStarted : !settings.meetingEnded;
  if (trigger.startsWith("MEETING_") && isOff) {
    const reason = `${trigger} does not count: so it is set for this connection`;
    return { outcome: "ignored", trigger, reason };
  }
  return isSeatCancellation(trigger, booking) ? cancelSeat(message) : byRule(message, rule);
}

/** Cal.com is told so with 200: it would switch the webhook off for anything else. */
function saysTooLittle(trigger: string, field: string): Interpretation {
  return { outcome: "ignored", trigger, reason: `missing ${field}`, code: "E_MESSAGE_SHAPE" };
}

function readRefs(booking: CalcomBooking, uid: string, previousUid: string | null): ChangeRefs {
  const file = readCalendarFile(booking.organizerIcsContent ?? booking.attendeeIcsContent);
  const previousStartsAt = previousUid === null ? null : readInstant(booking.rescheduleStartTime);
  return {
    uid,
    previousUid: previousUid === uid ? null : previousUid,
    icalUid: cleanText(booking.iCalUID, MAX_ID) ?? file.uid,
    ...(previousStartsAt === null ? {} : { previousStartsAt }),
  };
}

function firstText(...values: readonly unknown[]): string | null {
  for (const value of values) {
    if (typeof value === "string" && value.trim() !== "") return value;
  }
  return null;
}

/**
 * When it happened. The `createdAt` of a flat MEETING_* is the booking's creation, hours or
 * weeks before: there the meeting's own time counts.
 */
function occurrence(
  trigger: string,
  envelope: CalcomEnvelope,
  booking: CalcomBooking,
): string | null {
  if (isFlat(envelope) && trigger === "MEETING_STARTED") return readInstant(booking.startTime);
  if (isFlat(envelope) && trigger === "MEETING_ENDED") return readInstant(booking.endTime);
  return readInstant(envelope.createdAt);
}

function isFlat({ payload }: CalcomEnvelope): boolean {
  return payload === undefined || payload === null;
}

function byRule(message: Message, rule: BookingRule): Interpretation {
  const { trigger, booking, context } = message;
  const times = readTimes(booking);
  if (rule.needsTimes && times.state === "missing") {
    return saysTooLittle(trigger, times.field);
  }
  if (rule.needsTimes && times.state === "wrong") return failed(trigger, times.problem);
  // The end of a booking is understood without its times.
  const { startsAt, endsAt } = times.state === "read" ? times : {};
  const said: Said = {
    kind: rule.kind,
    status: rule.status(booking),
    // What MEETING_* say of the status was frozen when the booking was made.
    sourceStatus: trigger.startsWith("MEETING_") ? null : cleanText(booking.status, MAX_TRIGGER),
    ...reasonOf(message, rule),
    fields: {
      ...(rule.needsTimes ? { timeZone: context.timeZone } : {}),
      ...fieldsOf(trigger, booking),
      ...(startsAt === undefined || endsAt === undefined ? {} : { startsAt, endsAt }),
    },
    ...(movers.has(trigger) ? clearsOf(booking) : {}),
  };
  const asks = asksOf(message);
  const named = readNamed(trigger === "BOOKING_PAID" ? {} : booking, message.settings);
  return toInterpretation(message, said, { asks, named, ...summaryOf(trigger) });
}

function fieldsOf(trigger: string, booking: CalcomBooking): Partial<BookingFields> {
  const fields = readFields(booking);
  switch (trigger) {
    case "BOOKING_PAYMENT_INITIATED":
      return { ...fields, paymentStatus: "initiated" };
    case "BOOKING_PAID":
      // Its metadata are the payment's own, in place of the booking's (handleConfirmation.ts).
      return { ...readFields({ ...booking, metadata: null }), paymentStatus: "paid" };
    case "BOOKING_LOCATION_UPDATED": {
      const { meetingUrl, ...rest } = fields;
      return fields.location === undefined && meetingUrl !== undefined
        ? { ...rest, meetingUrl }
        : rest;
    }
    default:
      return fields;
  }
}

/** The triggers after which people meet elsewhere than before. */
const movers: ReadonlySet<string> = new Set([
  "BOOKING_LOCATION_UPDATED",
  "BOOKING_RESCHEDULED",
  "BOOKING_REQUESTED",
]);

/** People meet in one place: a call takes the place of a room, and the other way round. */
function clearsOf({ location }: CalcomBooking): Pick<Said, "clears"> {
  const text = cleanText(location, 100);
  if (text === null) return {};
  const isCall = text.startsWith("integrations:") || readUrl(location) !== null;
  if (isCall) return { clears: ["location", "meetingUrl"] };
  return readLocation(location) === null ? {} : { clears: ["meetingUrl"] };
}

function reasonOf(
  { booking }: Message,
  { kind }: Pick<BookingRule, "kind">,
): Pick<Said, "statusReason" | "cancelledBy"> {
  if (kind === "rejected") {
    return { statusReason: cleanText(booking.rejectionReason, MAX_REASON), cancelledBy: null };
  }
  if (kind !== "cancelled") return { statusReason: null, cancelledBy: null };
  const reason = cleanText(booking.cancellationReason, MAX_REASON);
  const asked = reason === null ? "reschedule_requested" : `reschedule_requested: ${reason}`;
  return {
    statusReason: booking.requestReschedule === true ? asked : reason,
    cancelledBy: cleanText(booking.cancelledBy, MAX_ID),
  };
}

function summaryOf(trigger: string): { readonly ending?: string } {
  if (trigger === "BOOKING_PAYMENT_INITIATED") return { ending: ", not paid yet" };
  return trigger === "BOOKING_LOCATION_UPDATED" ? { ending: ": another place" } : {};
}

/**
 * Cancelling one seat sends BOOKING_CANCELLED under the whole booking's uid, with that one
 * attendee (cal.com, cancelAttendeeSeat.ts): the others still come.
 */
function isSeatCancellation(trigger: string, booking: CalcomBooking): boolean {
  const isShared = readSeats(booking) !== null;
  return trigger === "BOOKING_CANCELLED" && isShared && booking.attendees?.length === 1;
}

/** It has no times, so that nobody makes a class of it: it waits for the class to arrive. */
function cancelSeat(message: Message): Interpretation {
  const { booking } = message;
  const attendees = readAttendees(booking).map((attendee): Attendee => ({
    ...attendee,
    status: "cancelled",
  }));
  const seats = readSeats(booking);
  const said: Said = {
    kind: "seat_cancelled",
    status: null,
    sourceStatus: null,
    ...reasonOf(message, { kind: "cancelled" }),
    fields: { attendees, ...(seats === null ? {} : { seats }) },
  };
  return toInterpretation(message, said);
}
