import { createQueue } from "../db/claim.ts";
import { system } from "../db/database.ts";
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
  };
}

const askQueue = createQueue<AskRow>({
  table: "message_ask",
  key: ["org_id", "message_id", "no"],
  columns: ["connection_id", "ask"],
  waiting: "due.handled_at IS NULL AND due.ask ->> 'kind' = 'reconcile'",
  dueAt: "next_attempt_at",
  maxAttempts: 5,
  giveUp: (_row, now) => ({ handled_at: now, error: "It could not be queued." }),
});

/**
 * Queues what messages asked to compare. Several messages about the same bookings are one run, as
 * long as it has not begun.
 */
export async function takeAsks({ db, clock }: Pick<ReconcileDeps, "db" | "clock">): Promise<void> {
  const now = clock.now();
  await db.transaction(system, async (tx) => {
    const rows = await askQueue.claim(tx, { limit: BATCH, leaseSeconds: 60, now });
    for (const row of rows) {
      const { org_id, connection_id, ask } = row;
      const { seriesRef = null, uid = null } = ask.scope;
      const queued = await tx.query(
        `SELECT 1 FROM reconcile_run
          WHERE org_id = $1 AND connection_id = $2 AND status = 'queued' AND trigger = 'message'
            AND series_ref IS NOT DISTINCT FROM $3 AND uid IS NOT DISTINCT FROM $4`,
        [org_id, connection_id, seriesRef, uid],
      );
      if (queued.length === 0) {
        const dueAt = new Date(now.getTime() + DELAY);
        const { reason } = ask;
        const about = { seriesRef, uid, reason, dueAt, window: usualWindow(now) };
        await queueRun(tx, { org_id, connection_id, trigger: "message", ...about }, now);
      }
      await askQueue.settle(tx, row, { handled_at: now });
    }
  });
}
