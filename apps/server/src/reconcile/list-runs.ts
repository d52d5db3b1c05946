import type { ReconcileRunResource } from "@slotwire/contract";
import { type Database, tenant } from "../db/database.ts";
import { type RunRow, toRun } from "./run-row.ts";
import { runSelection, selectRun } from "./select-runs.ts";

/**
 * Lists runs, the newest first.
 * @param page `before` is the id of the last run of the page before
 */
export async function listRuns(
  { db }: { readonly db: Database },
  orgId: string,
  { connectionId }: { readonly connectionId: string | undefined },
  { limit, before }: { readonly limit: number; readonly before: string | null },
): Promise<{ runs: ReconcileRunResource[]; next: string | null }> {
  const rows = await db.transaction(tenant(orgId), (tx) =>
    tx.query<RunRow>(
      `SELECT ${runSelection} FROM reconcile_run
        WHERE org_id = $1 AND ($2::uuid IS NULL OR connection_id = $2)
          AND ($3::uuid IS NULL OR id < $3)
        ORDER BY id DESC LIMIT $4`,
      [orgId, connectionId ?? null, before, limit + 1],
    ),
  );
  const page = rows.slice(0, limit);
  return {
    runs: page.map(toRun),
    next: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}

/**
 * One run.
 * @throws SlotwireError E_NOT_FOUND
 */
export async function getRun(
  { db }: { readonly db: Database },
  orgId: string,
  id: string,
): Promise<ReconcileRunResource> {
  return toRun(await db.transaction(tenant(orgId), (tx) => selectRun(tx, orgId, id)));
}
