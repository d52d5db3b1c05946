import type {
  Attendee,
  BookingFields,
  BookingStatus,
  ChangeKind,
  ChangeRefs,
} from "../../domain/booking.ts";
import { isRecord } from "../../domain/is-record.ts";
import { cleanText, isCleanText } from "../clean-text.ts";
import type { ConnectorChange, Interpretation, InterpretContext } from "../connector.ts";
import { readInstant } from "../read-instant.ts";
import { describeChange } from "../describe-change.ts";
import { failed } from "./errors.ts";
import { readAttendees, readFields, readNamed, readTimes } from "./fields.ts";
import {
  bookingSchema,
  type CalcomBooking,
  type CalcomEnvelope,
  envelopeSchema,
} from "./schema.ts";

const MAX_TRIGGER = 100;
const MAX_ID = 500;
const MAX_REASON = 1000;
/** Largest value of the column that keeps the sequence. */
const MAX_SEQUENCE = 2_147_483_647;

/** How a trigger reads: the change it stands for, and the state that it leads to. */
interface Rule {
  readonly kind: ChangeKind;
  readonly status: (booking: CalcomBooking) => BookingStatus;
  /** Without times it makes no booking, so that a message without them says nothing. */
  readonly needsTimes: boolean;
  /** It may name the uid that the booking had before. */
  readonly succeeds: boolean;
}

const always = (status: BookingStatus) => (): BookingStatus => status;

/**
 * The triggers that change a booking. Confirming a request has no trigger of its own: it comes
 * as BOOKING_CREATED. Rescheduling what must be confirmed comes as BOOKING_REQUESTED.
 */
const rules: ReadonlyMap<string, Rule> = new Map([
  ["BOOKING_CREATED", { kind: "created", status: statusOf, needsTimes: true, succeeds: true }],
  [
    "BOOKING_REQUESTED",
    { kind: "requested", status: always("pending"), needsTimes: true, succeeds: true },
  ],
  [
    "BOOKING_RESCHEDULED",
    { kind: "rescheduled", status: statusOf, needsTimes: true, succeeds: true },
  ],
  [
    "BOOKING_CANCELLED",
    { kind: "cancelled", status: always("cancelled"), needsTimes: false, succeeds: false },
  ],
  [
    "BOOKING_REJECTED",
    { kind: "rejected", status: always("rejected"), needsTimes: false, succeeds: false },
  ],
  [
    "MEETING_STARTED",
    { kind: "started", status: always("in_progress"), needsTimes: false, succeeds: false },
  ],
  [
    "MEETING_ENDED",
    { kind: "completed", status: always("completed"), needsTimes: false, succeeds: false },
  ],
]);

const NO_SHOW = "BOOKING_NO_SHOW_UPDATED";

const statuses: ReadonlyMap<string, BookingStatus> = new Map([
  ["ACCEPTED", "confirmed"],
  ["PENDING", "pending"],
  ["AWAITING_HOST", "pending"],
  ["CANCELLED", "cancelled"],
  ["REJECTED", "rejected"],
]);

/** A message whose booking could be read. */
interface Message {
  readonly trigger: string;
  readonly booking: CalcomBooking;
  readonly refs: ChangeRefs;
  readonly occurredAt: string;
  readonly context: InterpretContext;
}

/** Understands a body of Cal.com. Pure and total: see {@link Connector.interpret}. */
export function interpret(body: unknown, context: InterpretContext): Interpretation {
  if (!isRecord(body)) return failed(null, "noObject");
  const trigger = cleanText(body["triggerEvent"], MAX_TRIGGER);
  if (trigger === null) return failed(null, "noTrigger");
  if (!rules.has(trigger) && trigger !== NO_SHOW) {
    return { outcome: "ignored", trigger, reason: reasonToIgnore(trigger) };
  }
  const envelope = envelopeSchema.safeParse(body);
  if (!envelope.success) return failed(trigger, "payload");
  const booking = bookingSchema.safeParse(envelope.data.payload ?? body);
  if (!booking.success) {
    return failed(
      trigger,
      "booking",
      booking.error.issues[0]?.path.join(".").slice(0, MAX_TRIGGER),
    );
  }
  return interpretBooking(trigger, envelope.data, booking.data, context);
}

function reasonToIgnore(trigger: string): string {
  return trigger === "PING"
    ? "PING: the connection works"
    : `${trigger} does not change the state of a booking`;
}

function interpretBooking(
  trigger: string,
  envelope: CalcomEnvelope,
  booking: CalcomBooking,
  context: InterpretContext,
): Interpretation {
  const uid = firstText(booking.uid, booking.bookingUid, envelope["uid"], booking.booking?.uid);
  if (uid === null) return { outcome: "ignored", trigger, reason: "missing uid" };
  const rule = rules.get(trigger);
  const previousUid = rule?.succeeds === true ? firstText(booking.rescheduleUid) : null;
  if (!isCleanText(uid, MAX_ID)) return failed(trigger, "uid");
  if (previousUid !== null && !isCleanText(previousUid, MAX_ID)) return failed(trigger, "uid");
  const refs: ChangeRefs = {
    uid,
    previousUid: previousUid === uid ? null : previousUid,
    icalUid: cleanText(booking.iCalUID, MAX_ID),
  };
  const occurredAt = occurrence(trigger, envelope, booking) ?? context.receivedAt.toISOString();
  const message: Message = { trigger, booking, refs, occurredAt, context };
  if (rule === undefined) return interpretNoShow(message);
  return isSeatCancellation(trigger, booking)
    ? cancelSeat(message)
    : interpretByRule(message, rule);
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
  const isFlat = envelope.payload === undefined || envelope.payload === null;
  if (isFlat && trigger === "MEETING_STARTED") return readInstant(booking.startTime);
  if (isFlat && trigger === "MEETING_ENDED") return readInstant(booking.endTime);
  return readInstant(envelope.createdAt);
}

function interpretByRule(message: Message, rule: Rule): Interpretation {
  const { trigger, booking, context } = message;
  const times = readTimes(booking);
  if (rule.needsTimes && times.state === "missing") {
    return { outcome: "ignored", trigger, reason: `missing ${times.field}` };
  }
  if (rule.needsTimes && times.state === "wrong") return failed(trigger, times.problem);
  // The end of a booking is understood without its times.
  const { startsAt, endsAt } = times.state === "read" ? times : {};
  const fields: Partial<BookingFields> = {
    ...(rule.needsTimes ? { timeZone: context.timeZone } : {}),
    ...readFields(booking),
    ...(startsAt === undefined || endsAt === undefined ? {} : { startsAt, endsAt }),
  };
  return changed(message, {
    kind: rule.kind,
    status: rule.status(booking),
    // What MEETING_* say of the status was frozen when the booking was made.
    sourceStatus: trigger.startsWith("MEETING_") ? null : cleanText(booking.status, MAX_TRIGGER),
    statusReason: reasonOf(rule.kind, booking),
    cancelledBy: rule.kind === "cancelled" ? cleanText(booking.cancelledBy, MAX_ID) : null,
    fields,
  });
}

/** The state that the payload tells: newer senders read it at delivery, not at the event. */
function statusOf(booking: CalcomBooking): BookingStatus {
  return statuses.get(booking.status ?? "") ?? "confirmed";
}

function reasonOf(kind: ChangeKind, booking: CalcomBooking): string | null {
  if (kind === "rejected") return cleanText(booking.rejectionReason, MAX_REASON);
  if (kind !== "cancelled") return null;
  const reason = cleanText(booking.cancellationReason, MAX_REASON);
  if (booking.requestReschedule !== true) return reason;
  return reason === null ? "reschedule_requested" : `reschedule_requested: ${reason}`;
}

/**
 * Cancelling one seat sends BOOKING_CANCELLED under the whole booking's uid, with that one
 * attendee (cal.com, cancelAttendeeSeat.ts): the others still come.
 */
function isSeatCancellation(trigger: string, booking: CalcomBooking): boolean {
  const { seatsPerTimeSlot, attendees } = booking;
  const hasSeats = typeof seatsPerTimeSlot === "number" && seatsPerTimeSlot >= 1;
  return trigger === "BOOKING_CANCELLED" && hasSeats && attendees?.length === 1;
}

function cancelSeat(message: Message): Interpretation {
  const attendees = readAttendees(message.booking).map((attendee): Attendee => ({
    ...attendee,
    status: "cancelled",
  }));
  const who = attendees[0]?.name ?? attendees[0]?.email ?? "one attendee";
  const summary = `cancellation of the seat of ${who}`;
  return changed(message, { ...silent, kind: "updated", fields: { attendees } }, summary);
}

/** Says nothing about the state. */
const silent = { status: null, sourceStatus: null, statusReason: null, cancelledBy: null } as const;

function interpretNoShow(message: Message): Interpretation {
  const { trigger, booking } = message;
  const marked = (booking.attendees ?? []).filter(({ noShow }) => typeof noShow === "boolean");
  const attendees = readAttendees({ ...booking, attendees: marked });
  if (attendees.length === 0) {
    return { outcome: "ignored", trigger, reason: "it names no attendee" };
  }
  const missed = attendees.some((attendee) => attendee.status === "no_show");
  return changed(message, {
    ...silent,
    kind: missed ? "no_show" : "no_show_cleared",
    // Whether the visit is over or still to come, when nobody missed it, is for the ledger to say.
    status: missed ? "no_show" : null,
    fields: { attendees },
  });
}

type Said = Omit<ConnectorChange, "refs" | "occurredAt" | "sourceSequence">;

function changed(message: Message, said: Said, summary?: string): Interpretation {
  const { trigger, booking, refs, occurredAt } = message;
  const change: ConnectorChange = {
    ...said,
    refs,
    occurredAt,
    sourceSequence: sequenceOf(booking),
  };
  const named = readNamed(booking);
  return {
    outcome: "change",
    trigger,
    change,
    summary: summary ?? describeChange(change),
    ...(named === null ? {} : { named }),
  };
}

/** Cal.com raises it with every reschedule and cancellation. */
function sequenceOf({ iCalSequence }: CalcomBooking): number | null {
  if (typeof iCalSequence !== "number" || !Number.isInteger(iCalSequence)) return null;
  return iCalSequence >= 0 && iCalSequence <= MAX_SEQUENCE ? iCalSequence : null;
}
