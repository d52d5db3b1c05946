import type { Clock } from "../clock.ts";
import { type Database, type Engine, tenant } from "../db/database.ts";
import { sqlStateOf } from "../db/sql-state.ts";
import type { Wake } from "../db/wake.ts";
import { groupCalls } from "./group-calls.ts";
import { ledgerSession } from "./queries.ts";
import {
  type Recording,
  recordGroup,
  type RecordInput,
  type RecordResult,
} from "./record-group.ts";

export type { RecordInput, RecordResult } from "./record-group.ts";

export interface LedgerDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly wake: Wake;
}

/** Groups at once: on a server one reads while the other writes; the embedded engine has one session. */
const LANES: Readonly<Record<Engine, number>> = { pglite: 1, postgres: 2 };
/** How often a change that loses a race is decided again before somebody has to look at it. */
const MAX_ATTEMPTS = 25;
/** Lost a race or a lock, serialisation failure, deadlock, unique violation by a racing creator. */
const RETRYABLE = new Set(["SW409", "55P03", "40001", "40P01", "23505"]);

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
        attempt === 1
          ? await recordTogether(deps.db, { input, clock: deps.clock })
          : await recordInTurn(deps, input);
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
    const session = ledgerSession(tx, input.orgId);
    const [result] = await recordGroup(session, [{ input, clock: deps.clock }]);
    if (result === undefined) throw new TypeError("the change was not recorded");
    if (result instanceof Error) throw result;
    return result;
  });
}

type RecordOne = (recording: Recording) => Promise<RecordResult>;
const together = new WeakMap<Database, Map<string, RecordOne>>();

/**
 * Records with everybody in this process who writes for the organisation at this moment: they share
 * a look-up, a commit, and a turn at the counter.
 */
function recordTogether(db: Database, recording: Recording): Promise<RecordResult> {
  const { orgId } = recording.input;
  const ofDatabase = together.get(db) ?? new Map<string, RecordOne>();
  together.set(db, ofDatabase);
  let recordOne = ofDatabase.get(orgId);
  if (recordOne === undefined) {
    const session = ledgerSession(db, orgId);
    recordOne = groupCalls(
      (recordings: readonly Recording[]) => recordGroup(session, recordings),
      LANES[db.engine],
    );
    ofDatabase.set(orgId, recordOne);
  }
  return recordOne(recording);
}
