import { type ReconcileRunResource, startReconcileSchema } from "@slotwire/contract";
import type { z } from "zod";
import { type Author, recordAudit } from "../access/record-audit.ts";
import { tenant, type Transaction } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import { openSourceApi } from "../inbox/connections/open-source-api.ts";
import { queueRun, usualWindow } from "./queue-run.ts";
import type { ReconcileDeps } from "./reconcile-deps.ts";
import { selectRun } from "./select-runs.ts";
import { toRun } from "./run-row.ts";

/**
 * Begins to compare a connection's bookings with what its source's API tells.
 * @returns the run, which is queued
 * @throws SlotwireError E_NOT_FOUND, E_API_KEY_MISSING, E_VALIDATION, E_CONFLICT when a run that
 *   somebody began is not over yet
 */
export async function startReconcile(
  deps: ReconcileDeps,
  author: Author,
  connectionId: string,
  input: z.output<typeof startReconcileSchema>,
): Promise<ReconcileRunResource> {
  const { orgId } = author;
  const connection = await deps.connections.find({ id: connectionId }, { fresh: true });
  if (connection === null || connection.orgId !== orgId || connection.status === "removed") {
    throw new SlotwireError("E_NOT_FOUND");
  }
  // Says now what is missing, and not in a run that fails.
  openSourceApi(deps, connection);
  const now = deps.clock.now();
  const window = windowOf(input, now);
  const row = await deps.db.transaction(tenant(orgId), async (tx) => {
    await requireNoOther(tx, orgId, connectionId);
    const id = await queueRun(
      tx,
      {
        org_id: orgId,
        connection_id: connectionId,
        trigger: "manual",
        requestedBy: author.actor.name,
        dryRun: input.dry_run,
        window,
      },
      now,
    );
    await recordAudit(tx, {
      ...author,
      at: now,
      action: "connection.reconciled",
      entityId: connectionId,
      entityName: connection.name,
      new: {
        run_id: id,
        from: window.from.toISOString(),
        to: window.to.toISOString(),
        dry_run: input.dry_run,
      },
    });
    return selectRun(tx, orgId, id);
  });
  deps.wake.signal("reconciles");
  return toRun(row);
}

function windowOf(
  { from, to }: z.output<typeof startReconcileSchema>,
  now: Date,
): { from: Date; to: Date } {
  const usual = usualWindow(now);
  const window = {
    from: from === undefined ? usual.from : new Date(from),
    to: to === undefined ? usual.to : new Date(to),
  };
  // One of them alone may lie on the wrong side of the usual other one.
  const whole = { from: window.from.toISOString(), to: window.to.toISOString() };
  const checked = startReconcileSchema.safeParse(whole);
  if (checked.success) return window;
  const errors = checked.error.issues.map(({ message }) => ({ path: "to", message }));
  throw new SlotwireError("E_VALIDATION", { errors });
}

async function requireNoOther(tx: Transaction, orgId: string, connectionId: string): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 3))", [connectionId]);
  const rows = await tx.query(
    `SELECT 1 FROM reconcile_run
      WHERE org_id = $1 AND connection_id = $2 AND trigger = 'manual'
        AND status IN ('queued', 'running')`,
    [orgId, connectionId],
  );
  if (rows.length === 0) return;
  const detail = "A comparison of this connection is not over yet.";
  throw new SlotwireError("E_CONFLICT", { detail });
}
