import type { Booking, BookingChange, BookingFields, BookingStatus } from "./booking.ts";
import { differences } from "./booking-differences.ts";
import { actionOf, type Decision, type NextBooking } from "./decision.ts";
import { eventTypeOf } from "./event-type.ts";
import { mergeFields } from "./merge.ts";
import { isOvertaken } from "./overtaken.ts";
import { refsAfter } from "./refs-after.ts";
import {
  allowedStatuses,
  type FromStatus,
  isAllowed,
  type TransitionContext,
} from "./transitions.ts";

/**
 * Decides what a change makes of a booking: the state table, ownership, the merge of fields.
 * Pure: the ledger reads, asks, and writes the answer.
 * @param current the booking as it is, or null when no booking goes by the change's refs
 * @param now the instant of the decision, UTC
 */
export function decide(current: Booking | null, change: BookingChange, now: Date): Decision {
  if (current === null) return decideFirst(change, now);
  const fromOwner = change.connectionId === current.ownerConnectionId;
  if (!fromOwner && !isLocalStep(current, change)) {
    return {
      outcome: "refused",
      code: "E_NOT_OWNER",
      reason: "another system owns this booking",
      allowed: [],
    };
  }
  if (change.connectionId !== null) {
    if (isOvertaken(current, change)) return fillBlanks(current, change);
    if (isClockFact(change) && !clockFactApplies(current.status)) {
      return { outcome: "unchanged", reason: `the booking is ${current.status}` };
    }
  }
  return step(current, change, { fromOwner, now });
}

/** The first that is heard of a booking. */
function decideFirst(change: BookingChange, now: Date): Decision {
  const { startsAt, endsAt } = change.fields;
  if (startsAt === undefined || endsAt === undefined) {
    return { outcome: "unknown", reason: "no booking goes by this id" };
  }
  const status = change.status ?? "confirmed";
  const ownedBySource = change.connectionId !== null;
  const context = contextOf(change, { fromOwner: true, ownedBySource, now, startsAt, endsAt });
  const regular = isAllowed("new", status, context);
  if (!regular && !ownedBySource) return refusedTransition("new", status, context);
  const blank: BookingFields = { ...blankFields, startsAt, endsAt };
  return {
    outcome: "write",
    action: actionOf(change, "booking.created"),
    next: {
      ...mergeFields(blank, change.fields, "newer"),
      status,
      sourceStatus: change.sourceStatus,
      statusReason: change.statusReason,
      cancelledBy: change.cancelledBy,
      ownerConnectionId: change.connectionId,
      ...sourceTimeAfter(null, change),
      deletedAt: null,
    },
    refs: refsAfter([], change),
    event: {
      type: "booking.created",
      oldStatus: null,
      changedFields: [],
      previous: {},
      irregular: !regular,
    },
  };
}

const blankFields: Omit<BookingFields, "startsAt" | "endsAt"> = {
  timeZone: "UTC",
  title: "",
  description: null,
  location: null,
  meetingUrl: null,
  provider: null,
  serviceKey: null,
  serviceName: null,
  attendees: [],
  metadata: {},
  paymentStatus: "none",
  priceMinor: null,
  currency: null,
  seats: null,
  seriesRef: null,
};

/** A change that is in its turn: the state table, then the fields. */
function step(
  current: Booking,
  change: BookingChange,
  { fromOwner, now }: { fromOwner: boolean; now: Date },
): Decision {
  const status = targetStatus(current, change, now);
  const ownedBySource = current.ownerConnectionId !== null;
  const { startsAt, endsAt } = current;
  const context = contextOf(change, { fromOwner, ownedBySource, now, startsAt, endsAt });
  const regular = status === current.status || isAllowed(current.status, status, context);
  if (!regular && !(fromOwner && ownedBySource)) {
    return refusedTransition(current.status, status, context);
  }
  const mode = isClockFact(change) ? "older" : "newer";
  const statusChanged = status !== current.status;
  const next: NextBooking = {
    ...current,
    ...mergeFields(current, knownAttendeesOnly(current, change), mode),
    status,
    sourceStatus: change.sourceStatus ?? current.sourceStatus,
    statusReason: statusChanged
      ? change.statusReason
      : (change.statusReason ?? current.statusReason),
    cancelledBy: status === "cancelled" ? (change.cancelledBy ?? current.cancelledBy) : null,
    ...sourceTimeAfter(current, change),
  };
  return writeIfChanged(current, next, change, !regular);
}

/** An overtaken message still fills what nobody has said since. */
function fillBlanks(current: Booking, change: BookingChange): Decision {
  const next: NextBooking = { ...current, ...mergeFields(current, change.fields, "older") };
  const decision = writeIfChanged(current, next, change, false, "older");
  return decision.outcome === "unchanged"
    ? { outcome: "stale", reason: "something later is already known" }
    : decision;
}

function writeIfChanged(
  current: Booking,
  next: NextBooking,
  change: BookingChange,
  irregular: boolean,
  mode: "newer" | "older" = "newer",
): Decision {
  const refs = refsAfter(current.externalRefs, change);
  const previous = differences(current, next);
  // Which ids are one booking's is true whenever it is told: also an overtaken message says it.
  if (refs.some((ref) => ref.kind === "uid")) {
    previous["external_refs"] = current.externalRefs.map((ref) => ref.externalId);
  }
  const changedFields = Object.keys(previous);
  if (changedFields.length === 0) {
    return { outcome: "unchanged", reason: "the booking already says so" };
  }
  const type = mode === "older" ? "booking.updated" : eventTypeOf(current, next, change.kind);
  return {
    outcome: "write",
    action: mode === "older" ? "updated" : actionOf(change, type),
    next,
    refs,
    event: { type, oldStatus: current.status, changedFields, previous, irregular },
  };
}

/** Cal.com's MEETING_* and their like fire by the clock, whatever became of the booking. */
function isClockFact(change: BookingChange): boolean {
  return change.connectionId !== null && (change.kind === "started" || change.kind === "completed");
}

function clockFactApplies(status: BookingStatus): boolean {
  return (
    status === "pending" ||
    status === "confirmed" ||
    status === "checked_in" ||
    status === "in_progress"
  );
}

/** Steps of the working day happen here, whoever took the booking. */
function isLocalStep(current: Booking, change: BookingChange): boolean {
  const local =
    change.status === "checked_in" ||
    change.status === "in_progress" ||
    change.status === "completed";
  const undo = change.status === "confirmed" && current.status === "checked_in";
  return change.connectionId === null && (local || undo) && Object.keys(change.fields).length === 0;
}

function targetStatus(current: Booking, change: BookingChange, now: Date): BookingStatus {
  if (change.kind === "no_show_cleared") {
    if (current.status !== "no_show") return current.status;
    return now.getTime() >= Date.parse(current.endsAt) ? "completed" : "confirmed";
  }
  return change.status ?? current.status;
}

/** A no-show report names people; it does not invite new ones. */
function knownAttendeesOnly(current: Booking, change: BookingChange): Partial<BookingFields> {
  if (change.kind !== "no_show" && change.kind !== "no_show_cleared") return change.fields;
  const known = new Set(current.attendees.map((attendee) => attendee.email?.toLowerCase()));
  const attendees = (change.fields.attendees ?? []).filter(
    (attendee) => attendee.email !== null && known.has(attendee.email.toLowerCase()),
  );
  return { ...change.fields, attendees };
}

function contextOf(
  change: BookingChange,
  rest: Omit<TransitionContext, "mayCorrect" | "backfill">,
): TransitionContext {
  return { ...rest, mayCorrect: change.actor.mayCorrect, backfill: change.backfill };
}

function refusedTransition(
  from: FromStatus,
  to: BookingStatus,
  context: TransitionContext,
): Decision {
  return {
    outcome: "refused",
    code: "E_TRANSITION",
    reason: `a booking that is ${from} cannot become ${to} now`,
    allowed: allowedStatuses(from, context),
  };
}

/** The source's clock and sequence after this change; facts of the clock do not move them. */
function sourceTimeAfter(
  current: Booking | null,
  change: BookingChange,
): Pick<Booking, "sourceSequence" | "sourceUpdatedAt"> {
  const before = {
    sourceSequence: current?.sourceSequence ?? null,
    sourceUpdatedAt: current?.sourceUpdatedAt ?? null,
  };
  if (change.connectionId === null || isClockFact(change)) return before;
  return {
    sourceSequence: change.sourceSequence ?? before.sourceSequence,
    sourceUpdatedAt: change.occurredAt,
  };
}
