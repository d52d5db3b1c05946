import { spokenAt } from "./attendees.ts";
import type {
  Booking,
  BookingChange,
  BookingFields,
  BookingStatus,
  ExternalRef,
} from "./booking.ts";
import { differences } from "./booking-differences.ts";
import { actionOf, type Decision, type NextBooking } from "./decision.ts";
import { eventTypeOf } from "./event-type.ts";
import { hear, type Hearing, isMeeting, type Word } from "./hear.ts";
import { namesStrangers } from "./hear-people.ts";
import { noteAnswer, overtakenAnswer } from "./hear-answer.ts";
import { overtakenBy, unknownPeople } from "./idle-words.ts";
import { putBefore, tidyHeard, wordOf } from "./heard.ts";
import { mergeFields, newer } from "./merge.ts";
import { currentUid, type Ids, idsAfter, idsOf, refsToWrite } from "./lineage.ts";
import {
  allowedStatuses,
  type FromStatus,
  isAllowed,
  isStepOfTheDay,
  type TransitionContext,
} from "./transitions.ts";

/**
 * Decides what a change makes of a booking: the state table, ownership, the merge of fields.
 * Pure: the ledger reads, asks, and writes the answer.
 * @param current the booking as it is, or null when no booking goes by the change's refs
 * @param now the instant of the decision, UTC
 */
export function decide(current: Booking | null, given: BookingChange, now: Date): Decision {
  if (current === null) return decideFirst(given, now);
  const change = withEnd(current, creationOrChange(current, given));
  const fromOwner = change.connectionId === current.ownerConnectionId;
  if (!fromOwner && !isLocalStep(current, change)) {
    return {
      outcome: "refused",
      code: "E_NOT_OWNER",
      reason: "another system owns this booking",
      allowed: [],
    };
  }
  return change.connectionId === null
    ? decideStep(current, change, { fromOwner, now })
    : decideWord(current, change, now);
}

/** What is told in the form of a creation is a change, once the booking is known to be made. */
function creationOrChange(current: Booking, change: BookingChange): BookingChange {
  const { occurredAtIfMade: occurredAt, kind, fields } = change;
  if (occurredAt === undefined || current.heard.isUnborn === true) return change;
  const moves = fields.startsAt !== undefined && fields.startsAt !== current.startsAt;
  return { ...change, occurredAt, kind: moves ? "rescheduled" : kind };
}

/** A start that comes without its end moves the visit: it takes as long as before. */
function withEnd(current: Booking, change: BookingChange): BookingChange {
  const { startsAt, endsAt } = change.fields;
  if (startsAt === undefined || endsAt !== undefined) return change;
  const length = Date.parse(current.endsAt) - Date.parse(current.startsAt);
  const end = new Date(Date.parse(startsAt) + length).toISOString();
  return { ...change, fields: { ...change.fields, endsAt: end } };
}

/** The first that is heard of a booking. */
function decideFirst(change: BookingChange, now: Date): Decision {
  const { startsAt, endsAt } = change.fields;
  if (startsAt === undefined || endsAt === undefined) {
    return { outcome: "unknown", reason: "no booking goes by this id" };
  }
  const blank: Booking = {
    ...blankBooking,
    startsAt,
    endsAt,
    ownerConnectionId: change.connectionId,
  };
  const refs = refsToWrite([], idsAfter(new Map(), change), change);
  const next = change.connectionId === null ? takeChange(blank, change) : heardFirst(blank, change);
  const ownedBySource = change.connectionId !== null;
  const context = contextOf(change, { fromOwner: true, ownedBySource, now, startsAt, endsAt });
  const regular = isAllowed("new", next.status, context);
  if (!regular && !ownedBySource) return refusedTransition("new", next.status, context);
  return {
    outcome: "write",
    action: actionOf(change, "booking.created"),
    next,
    refs,
    event: {
      type: "booking.created",
      oldStatus: null,
      changedFields: [],
      previous: {},
      irregular: !regular,
    },
  };
}

function heardFirst(blank: Booking, change: BookingChange): NextBooking {
  const at = Date.parse(change.occurredAt);
  return hear(blank, { change, at, before: new Map(), ids: idsAfter(new Map(), change) }).next;
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

const blankBooking: Omit<Booking, "startsAt" | "endsAt"> = {
  ...blankFields,
  id: "",
  bookingNumber: 0,
  version: 0,
  status: "confirmed",
  sourceStatus: null,
  statusReason: null,
  cancelledBy: null,
  ownerConnectionId: null,
  sourceSequence: null,
  sourceUpdatedAt: null,
  heard: { isUnborn: true },
  heardCount: 0,
  externalRefs: [],
  deletedAt: null,
};

/** What a person or a program of the hub wants: the state table, then the fields. */
function decideStep(
  known: Booking,
  change: BookingChange,
  { fromOwner, now }: { fromOwner: boolean; now: Date },
): Decision {
  const overtaken = overtakenAnswer(known, change);
  if (overtaken !== null) return overtaken;
  const current = noteAnswer(known, change);
  const next = takeChange(current, { ...change, status: targetStatus(current, change, now) });
  const ownedBySource = current.ownerConnectionId !== null;
  const { startsAt, endsAt } = current;
  const context = contextOf(change, { fromOwner, ownedBySource, now, startsAt, endsAt });
  if (next.status !== current.status && !isAllowed(current.status, next.status, context)) {
    return refusedTransition(current.status, next.status, context);
  }
  const decision = writeIfChanged(current, next, change, { irregular: false, refs: [] });
  if (decision.outcome !== "unchanged" || current === known) return decision;
  return { ...decision, keeps: current };
}

/** The booking as the hub's own change wants it; what its source said of it stays known. */
function takeChange(current: Booking, change: BookingChange): NextBooking {
  const status = change.status ?? current.status;
  const isSame = status === current.status;
  const isOwn = current.ownerConnectionId === null;
  const { answers = {} } = current.heard;
  const heard = isOwn ? { answers } : { ...current.heard, word: wordOf(current) };
  return {
    ...current,
    ...mergeFields(current, change.fields, newer, change.clears),
    status,
    sourceStatus: change.sourceStatus ?? current.sourceStatus,
    statusReason: isSame ? (change.statusReason ?? current.statusReason) : change.statusReason,
    cancelledBy: status === "cancelled" ? (change.cancelledBy ?? current.cancelledBy) : null,
    heard: tidyHeard(heard, status),
  };
}

/** A word of the source that owns the booking. */
function decideWord(current: Booking, change: BookingChange, now: Date): Decision {
  const before = idsOf(current, change.connectionId ?? "");
  const ids = idsAfter(before, change);
  const refs = refsToWrite(current.externalRefs, ids, change);
  const occurredAt = Date.parse(change.occurredAt);
  const goneAt = ids.get(change.refs?.uid ?? "")?.goneAt ?? Infinity;
  const known = succeeds(before, change) ? putBefore(current, occurredAt) : current;
  const word: Word = { change, at: Math.min(occurredAt, goneAt - 1), before, ids };
  const hearing = hear(known, word);
  const { next } = hearing;
  const irregular = isIrregularStep(current, next.status, change, now);
  const decision = writeIfChanged(current, next, change, { irregular, refs, hearing });
  if (decision.outcome !== "unchanged") return decision;
  const keeps = isSameKept(current, next) ? {} : { keeps: next };
  if (namesStrangers(current, change)) return { ...unknownPeople(change), ...keeps };
  if (hearing.isLate) {
    return { outcome: "stale", reason: overtakenBy(known, word.at), ...keeps };
  }
  const reason = isMeeting(change) ? `the booking is ${current.status}` : decision.reason;
  return { outcome: "unchanged", reason, ...keeps };
}

/**
 * Whether a word of the source that owns a booking takes it to a state that the table does not lead
 * to. The word counts all the same; its event says so.
 */
export function isIrregularStep(
  { status: from, startsAt, endsAt }: Booking,
  to: BookingStatus,
  change: BookingChange,
  now: Date,
): boolean {
  const rest = { fromOwner: true, ownedBySource: true, now, startsAt, endsAt };
  return to !== from && !isAllowed(from, to, contextOf(change, rest));
}

/** It names the only id in use as the one before its own, which is new. */
function succeeds(before: Ids, { refs }: BookingChange): boolean {
  const open = [...before.values()].filter(({ goneAt }) => goneAt === undefined);
  const isNamed = refs !== null && currentUid(before) === refs.previousUid;
  return isNamed && open.length === 1 && !before.has(refs.uid);
}

/** Whether nothing of what is kept beside the visible booking changes. */
function isSameKept(current: Booking, next: NextBooking): boolean {
  const kept = ({ heard, sourceUpdatedAt, sourceSequence, attendees }: NextBooking): string =>
    JSON.stringify([heard, sourceUpdatedAt, sourceSequence, attendees.map(spokenAt)]);
  return kept(current) === kept(next);
}

function writeIfChanged(
  current: Booking,
  next: NextBooking,
  change: BookingChange,
  { irregular, refs, hearing }: Writing,
): Decision {
  const previous = differences(current, next);
  // Which ids are one booking's is true whenever it is told: also an overtaken message says it.
  if (refs.some((ref) => ref.kind === "uid")) {
    previous["external_refs"] = current.externalRefs.map((ref) => ref.externalId);
  }
  const changedFields = Object.keys(previous);
  if (changedFields.length === 0) {
    return { outcome: "unchanged", reason: "the booking already says so" };
  }
  const setTimes = hearing?.setTimes ?? true;
  const type = eventTypeOf(current, next, setTimes ? change.kind : "updated");
  return {
    outcome: "write",
    action: actionOf(change, type),
    next,
    refs,
    event: { type, oldStatus: current.status, changedFields, previous, irregular },
  };
}

interface Writing {
  readonly irregular: boolean;
  readonly refs: readonly ExternalRef[];
  readonly hearing?: Hearing;
}

/** Steps of the working day happen here, whoever took the booking. */
function isLocalStep({ status: from }: Booking, change: BookingChange): boolean {
  const { status: to, connectionId, fields } = change;
  if (connectionId !== null || to === null || Object.keys(fields).length > 0) return false;
  return isStepOfTheDay(from, to);
}

function targetStatus(current: Booking, change: BookingChange, now: Date): BookingStatus {
  if (change.kind === "no_show_cleared") {
    if (current.status !== "no_show") return current.status;
    return now.getTime() >= Date.parse(current.endsAt) ? "completed" : "confirmed";
  }
  return change.status ?? current.status;
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
