import type { BookingStatus } from "@slotwire/contract";
import type { Clock } from "../clock.ts";
import type { Database, Queryable } from "../db/database.ts";
import { tenant } from "../db/database.ts";
import { sqlStateOf } from "../db/sql-state.ts";
import { uuid7 } from "../db/uuid7.ts";
import type { Wake } from "../db/wake.ts";
import type { BookingChange, RecordAction } from "../domain/booking.ts";
import { decide, decideMerge, type Decision, type WriteDecision } from "../domain/decide.ts";
import { type Match, matchBookings } from "../domain/match-bookings.ts";
import { SlotwireError } from "../errors.ts";
import { bookingFromResource } from "./booking-from-resource.ts";
import { type MessageDraft, type MessageOutcome, messageRow } from "./message-draft.ts";
import { findBookings, write } from "./queries.ts";

export interface LedgerDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly wake: Wake;
}

export interface RecordInput {
  readonly orgId: string;
  readonly change: BookingChange;
  /** Kind of the connection, for people to read; null for the hub itself. */
  readonly sourceKind: string | null;
  /** The message that brought the change, kept in the same transaction. */
  readonly message: MessageDraft | null;
  /** The only version that the change may be made to; absent or null for any. */
  readonly expectedVersion?: number | null;
}

export interface RecordResult {
  readonly action: RecordAction;
  readonly bookingId: string | null;
  readonly bookingNumber: number | null;
  readonly version: number | null;
  readonly seq: number | null;
  readonly messageId: string | null;
  readonly reason: string | null;
  readonly irregular: boolean;
  /** For `refused`: the states that would be allowed; null when another system owns the booking. */
  readonly allowed: readonly BookingStatus[] | null;
}

/** How often a change that loses a race is decided again before somebody has to look at it. */
const MAX_ATTEMPTS = 25;
/** Lost a race, serialisation failure, deadlock, unique violation by a racing creator. */
const RETRYABLE = new Set(["SW409", "40001", "40P01", "23505"]);

/**
 * The one way in which a booking changes: reads it, decides, and writes booking, event, outside
 * ids, deliveries and the message in one transaction, then wakes the workers and the streams.
 * @throws SlotwireError E_BOOKING_UNKNOWN when the change speaks of a booking that does not exist
 *   and says too little to create it; nothing is written then
 * @throws SlotwireError E_PRECONDITION when the booking has another version than the expected one
 */
export async function record(deps: LedgerDeps, input: RecordInput): Promise<RecordResult> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // The first try bets on being alone; whoever loses a race queues up for the next.
      const result =
        attempt === 1 ? await recordOnce(deps, deps.db, input) : await recordInTurn(deps, input);
      if (result.seq !== null) {
        deps.wake.signal("events");
        deps.wake.signal("deliveries");
      }
      return result;
    } catch (error) {
      const state = sqlStateOf(error);
      if (state === null || !RETRYABLE.has(state) || attempt >= MAX_ATTEMPTS) throw error;
    }
  }
}

const queueUp = {
  name: "ledger_queue_up",
  text: "SELECT pg_advisory_xact_lock(hashtextextended($1, 1))",
};

/** Those who lost a race take turns by outside id, so that each of them gets through. */
function recordInTurn(deps: LedgerDeps, input: RecordInput): Promise<RecordResult> {
  const key = input.change.bookingId ?? input.change.refs?.previousUid ?? input.change.refs?.uid ?? "";
  return deps.db.transaction(tenant(input.orgId), async (tx) => {
    await tx.query(queueUp, [`${input.change.connectionId ?? ""} ${key}`]);
    return recordOnce(deps, tx, input);
  });
}

async function recordOnce(
  deps: LedgerDeps,
  session: Queryable,
  input: RecordInput,
): Promise<RecordResult> {
  const { change } = input;
  const { refs } = change;
  const uids = refs === null ? [] : [refs.uid, ...(refs.previousUid === null ? [] : [refs.previousUid])];
  const found = await findBookings(session, input.orgId, {
    connectionId: change.connectionId,
    uids,
    icalUid: refs?.icalUid ?? null,
    bookingId: change.bookingId,
  });
  const match = matchBookings(found.map(bookingFromResource), change);
  const { current } = match;
  if (current !== null && current.version !== (input.expectedVersion ?? current.version)) {
    throw new SlotwireError("E_PRECONDITION", {
      detail: `The booking is at version ${current.version}.`,
    });
  }
  const now = deps.clock.now();
  const decision = decideMatch(match, change, now);
  if (decision.outcome === "unknown") {
    throw new SlotwireError("E_BOOKING_UNKNOWN", { detail: decision.reason });
  }
  const bookingId = current?.id ?? change.bookingId ?? uuid7();
  const written = await write(session, input.orgId, {
    message: input.message && messageRow(input.message, outcomeOf(decision, bookingId), now),
    ...(decision.outcome === "write" ? writeRow(input, decision, match, bookingId) : {}),
  });
  const nothing = { seq: null, irregular: false, allowed: null };
  const identity = {
    bookingId: current?.id ?? null,
    bookingNumber: current?.bookingNumber ?? null,
    version: current?.version ?? null,
    messageId: written.message_id,
  };
  if (written.duplicate) {
    const bookingId = written.booking_id ?? null;
    return { ...nothing, ...identity, bookingId, action: "duplicate", reason: "this message was dealt with before" };
  }
  if (decision.outcome === "write") {
    return {
      action: decision.action,
      bookingId,
      bookingNumber: written.booking_number ?? null,
      version: written.version ?? null,
      seq: written.seq ?? null,
      messageId: written.message_id,
      reason: null,
      irregular: decision.event.irregular,
      allowed: null,
    };
  }
  const allowed =
    decision.outcome === "refused" && decision.code === "E_TRANSITION" ? decision.allowed : null;
  return { ...nothing, ...identity, action: decision.outcome, reason: decision.reason, allowed };
}

function decideMatch({ current, absorbed, later }: Match, change: BookingChange, now: Date): Decision {
  if (current !== null && absorbed !== null && later !== null) {
    return decideMerge(current, absorbed, later, change, now);
  }
  if (current === null && change.bookingId !== null && change.kind !== "created") {
    return { outcome: "unknown", reason: "there is no such booking" };
  }
  return decide(current, change, now);
}

function outcomeOf(decision: Exclude<Decision, { outcome: "unknown" }>, bookingId: string): MessageOutcome {
  const rest = { bookingId, waitingFor: null, nextAttemptAt: null };
  if (decision.outcome === "write") {
    return { ...rest, status: "processed", action: decision.action, errorCode: null, error: null };
  }
  if (decision.outcome === "refused") {
    const { code, reason } = decision;
    return { ...rest, status: "failed", action: "refused", errorCode: code, error: reason };
  }
  return { ...rest, status: "unchanged", action: decision.outcome, errorCode: null, error: decision.reason };
}

/** The decision as `ledger_write` takes it. */
function writeRow(
  input: RecordInput,
  decision: WriteDecision,
  { current, absorbed }: Match,
  bookingId: string,
): object {
  const { next, event } = decision;
  const { change } = input;
  return {
    creates: current === null,
    expected_version: current?.version ?? 0,
    absorbs: absorbed && {
      id: absorbed.id,
      expected_version: absorbed.version,
      event_id: uuid7(),
    },
    booking: {
      id: bookingId,
      status: next.status,
      source_status: next.sourceStatus,
      status_reason: next.statusReason,
      cancelled_by: next.cancelledBy,
      starts_at: next.startsAt,
      ends_at: next.endsAt,
      time_zone: next.timeZone,
      title: next.title,
      description: next.description,
      location: next.location,
      meeting_url: next.meetingUrl,
      provider_name: next.provider?.name,
      provider_email: next.provider?.email,
      service_key: next.serviceKey,
      service_name: next.serviceName,
      metadata: next.metadata,
      owner_connection_id: next.ownerConnectionId,
      source_sequence: next.sourceSequence,
      source_updated_at: next.sourceUpdatedAt,
      deleted_at: next.deletedAt,
    },
    attendees:
      current === null || event.changedFields.includes("attendees")
        ? next.attendees.map(({ seatRef, ...attendee }) => ({ ...attendee, seat_ref: seatRef }))
        : null,
    refs: decision.refs.map((ref) => ({
      connection_id: ref.connectionId,
      kind: ref.kind,
      external_id: ref.externalId,
      superseded_at: ref.supersededAt,
    })),
    event: {
      id: uuid7(),
      event_type: event.type,
      occurred_at: change.occurredAt,
      actor_kind: change.actor.kind,
      actor_id: change.actor.id,
      actor_name: change.actor.name,
      connection_id: change.connectionId,
      source_kind: input.sourceKind,
      old_status: event.oldStatus,
      changed_fields: event.changedFields,
      previous: event.previous,
      irregular: event.irregular,
      backfill: change.backfill,
    },
  };
}
