import type { BookingStatus } from "@slotwire/contract";
import type { Clock } from "../clock.ts";
import type { Database, Queryable } from "../db/database.ts";
import { tenant } from "../db/database.ts";
import { sqlStateOf } from "../db/sql-state.ts";
import { uuid7 } from "../db/uuid7.ts";
import type { Wake } from "../db/wake.ts";
import type { Booking, BookingChange, RecordAction } from "../domain/booking.ts";
import { decide, decideMerge, type Decision } from "../domain/decide.ts";
import { type Match, matchBookings } from "../domain/match-bookings.ts";
import { SlotwireError } from "../errors.ts";
import { bookingFromResource } from "./booking-from-resource.ts";
import type { MessageDraft } from "./message-draft.ts";
import { findBookings, write, type Written } from "./queries.ts";
import { type KnownDecision, writeDocument } from "./write-document.ts";

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
  const key =
    input.change.bookingId ?? input.change.refs?.previousUid ?? input.change.refs?.uid ?? "";
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
  const uids =
    refs === null ? [] : [refs.uid, ...(refs.previousUid === null ? [] : [refs.previousUid])];
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
  const document = writeDocument({ ...input, decision, match, bookingId, now });
  const written = await write(session, input.orgId, document);
  return resultOf(decision, written, bookingId, current);
}

/** What became of the change, for whoever asked for it. */
function resultOf(
  decision: KnownDecision,
  written: Written,
  bookingId: string,
  current: Booking | null,
): RecordResult {
  const untouched = {
    bookingId: current?.id ?? null,
    bookingNumber: current?.bookingNumber ?? null,
    version: current?.version ?? null,
    seq: null,
    messageId: written.message_id,
    irregular: false,
    allowed: null,
  };
  if (written.duplicate) {
    const reason = "this message was dealt with before";
    return { ...untouched, bookingId: written.booking_id ?? null, action: "duplicate", reason };
  }
  if (decision.outcome !== "write") {
    const allowed =
      decision.outcome === "refused" && decision.code === "E_TRANSITION" ? decision.allowed : null;
    return { ...untouched, action: decision.outcome, reason: decision.reason, allowed };
  }
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

function decideMatch(
  { current, absorbed, later }: Match,
  change: BookingChange,
  now: Date,
): Decision {
  if (current !== null && absorbed !== null && later !== null) {
    return decideMerge(current, absorbed, later, change, now);
  }
  if (current === null && change.bookingId !== null && change.kind !== "created") {
    return { outcome: "unknown", reason: "there is no such booking" };
  }
  return decide(current, change, now);
}
