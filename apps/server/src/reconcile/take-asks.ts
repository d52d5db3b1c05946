import { createQueue } from "../db/claim.ts";
import { system, type Transaction } from "../db/database.ts";
import { queueRun, usualWindow } from "./queue-run.ts";
import type { ReconcileDeps } from "./reconcile-deps.ts";

/** Cal.com tells of a cancellation before it writes it. ms */
const DELAY = 90_000;
const BATCH = 50;

interface AskRow {
  readonly org_id: string;
  readonly message_id: string;
  readonly no: number;
  readonly connection_id: string;
  readonly ask: {
    readonly scope: { readonly seriesRef?: string; readonly uid?: string };
    readonly reason: string;
    readonly unlessTold?: true;
  };
  readonly created_at: Date;
}

const askQueue = createQueue<AskRow>({
  table: "message_ask",
  key: ["org_id", "message_id", "no"],
  columns: ["connection_id", "ask", "created_at"],
  waiting: "due.handled_at IS NULL AND due.ask ->> 'kind' = 'reconcile'",
  dueAt: "next_attempt_at",
  maxAttempts: 5,
  giveUp: (_row, now) => ({ handled_at: now, error: "It could not be queued." }),
});

/**
 * Queues what messages asked to compare. Several messages about the same bookings are one run, as
 * long as it has not begun. What another message may tell meanwhile is waited for before anything
 * is queued.
 */
export async function takeAsks({ db, clock }: Pick<ReconcileDeps, "db" | "clock">): Promise<void> {
  const now = clock.now();
  await db.transaction(system, async (tx) => {
    const rows = await askQueue.claim(tx, { limit: BATCH, leaseSeconds: 60, now });
    for (const row of rows) {
      const { unlessTold = false } = row.ask;
      const due = new Date(row.created_at.getTime() + DELAY);
      const isTold = unlessTold && (await isToldByMessage(tx, row));
      if (unlessTold && !isTold && now < due) {
        await askQueue.settle(tx, row, { next_attempt_at: due, attempts: 0 });
        continue;
      }
      if (!isTold)
        await queueOnce(tx, row, unlessTold ? now : new Date(now.getTime() + DELAY), now);
      await askQueue.settle(tx, row, { handled_at: now });
    }
  });
}

async function queueOnce(
  tx: Transaction,
  { org_id, connection_id, ask: { scope, reason } }: AskRow,
  dueAt: Date,
  now: Date,
): Promise<void> {
  const { seriesRef = null, uid = null } = scope;
  const queued = await tx.query(
    `SELECT 1 FROM reconcile_run
      WHERE org_id = $1 AND connection_id = $2 AND status = 'queued' AND trigger = 'message'
        AND series_ref IS NOT DISTINCT FROM $3 AND uid IS NOT DISTINCT FROM $4`,
    [org_id, connection_id, seriesRef, uid],
  );
  if (queued.length > 0) return;
  const about = { seriesRef, uid, reason, dueAt, window: usualWindow(now) };
  await queueRun(tx, { org_id, connection_id, trigger: "message", ...about }, now);
}

/** Whether a message other than the asking one told when the booking of this id is. */
async function isToldByMessage(tx: Transaction, row: AskRow): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 FROM booking_external_ref r
       JOIN booking_event e ON e.org_id = r.org_id AND e.booking_id = r.booking_id
        AND e.connection_id = r.connection_id AND e.inbound_message_id <> $4
        AND e.event_type IN ('booking.created', 'booking.rescheduled')
      WHERE r.org_id = $1 AND r.connection_id = $2 AND r.kind = 'uid' AND r.external_id = $3
        AND e.booking -> 'external_refs'
              @> jsonb_build_array(jsonb_build_object('external_id', $3::text, 'superseded_at', null))
      LIMIT 1`,
    [row.org_id, row.connection_id, row.ask.scope.uid ?? "", row.message_id],
  );
  return rows.length > 0;
}
