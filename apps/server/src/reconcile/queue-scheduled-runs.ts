import { system } from "../db/database.ts";
import type { ReconcileDeps } from "./reconcile-deps.ts";
import { queueRun, usualWindow } from "./queue-run.ts";

/** Runs whose findings people may still want. */
const KEPT_DAYS = 90;
const DAY = 24 * 60 * 60 * 1000;

/**
 * Queues a run for every active connection that the hub can ask, and forgets the runs of long ago.
 * A connection that has one queued or under way gets no further one.
 */
export async function queueScheduledRuns({
  db,
  clock,
  wake,
}: Pick<ReconcileDeps, "db" | "clock" | "wake">): Promise<void> {
  const now = clock.now();
  await db.transaction(system, async (tx) => {
    const rows = await tx.query<{ org_id: string; id: string }>(
      `SELECT c.org_id, c.id FROM connection c
        WHERE c.api_key_sealed IS NOT NULL AND c.status = 'active' AND c.removed_at IS NULL
          AND NOT EXISTS (
            SELECT FROM reconcile_run r
             WHERE r.org_id = c.org_id AND r.connection_id = c.id
               AND r.status IN ('queued', 'running') AND r.series_ref IS NULL AND r.uid IS NULL)
        ORDER BY c.org_id, c.id`,
    );
    const window = usualWindow(now);
    for (const { org_id, id } of rows) {
      await queueRun(tx, { org_id, connection_id: id, trigger: "schedule", window }, now);
    }
  });
  await db.transaction(system, async (tx) => {
    const before = new Date(now.getTime() - KEPT_DAYS * DAY);
    const over = `SELECT org_id, id FROM reconcile_run WHERE finished_at < $1`;
    await tx.query(`DELETE FROM reconcile_finding WHERE (org_id, run_id) IN (${over})`, [before]);
    await tx.query("DELETE FROM reconcile_run WHERE finished_at < $1", [before]);
  });
  wake.signal("reconciles");
}
