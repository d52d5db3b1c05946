import type { ReconcileRunResource } from "@slotwire/contract";
import { type Author, recordAudit } from "../access/record-audit.ts";
import { tenant, type Transaction } from "../db/database.ts";
import type { ReconcileDeps } from "./reconcile-deps.ts";
import { toRun } from "./run-row.ts";
import { selectRun } from "./select-runs.ts";
import { forgetSeen } from "./write-step.ts";

/**
 * Stops a run: at once when nobody works on it, else after its step. What it has put right stays.
 * @throws SlotwireError E_NOT_FOUND
 */
export async function cancelRun(
  { db, clock, wake }: Pick<ReconcileDeps, "db" | "clock" | "wake">,
  author: Author,
  id: string,
): Promise<ReconcileRunResource> {
  const { orgId } = author;
  const now = clock.now();
  const row = await db.transaction(tenant(orgId), async (tx) => {
    const run = await selectRun(tx, orgId, id);
    const ended = await tx.query(
      `UPDATE reconcile_run
          SET cancel_requested_at = $3, next_attempt_at = NULL,
              status = CASE WHEN lease_until > $3 THEN status ELSE 'cancelled' END,
              finished_at = CASE WHEN lease_until > $3 THEN NULL ELSE $3 END,
              lease_token = CASE WHEN lease_until > $3 THEN lease_token END
        WHERE org_id = $1 AND id = $2 AND status IN ('queued', 'running')
        RETURNING status`,
      [orgId, id, now],
    );
    if (ended.length > 0) {
      await forgetSeen(tx, run);
      await recordAudit(tx, {
        ...author,
        at: now,
        action: "connection.reconcile_cancelled",
        entityId: run.connection_id,
        entityName: await nameOf(tx, orgId, run.connection_id),
        new: { run_id: id },
      });
    }
    return selectRun(tx, orgId, id);
  });
  wake.signal("reconciles");
  return toRun(row);
}

async function nameOf(tx: Transaction, orgId: string, connectionId: string): Promise<string> {
  const rows = await tx.query<{ name: string }>(
    "SELECT name FROM connection WHERE org_id = $1 AND id = $2",
    [orgId, connectionId],
  );
  return rows[0]?.name ?? "";
}
