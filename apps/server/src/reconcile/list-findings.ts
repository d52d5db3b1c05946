import type { ReconcileFindingResource } from "@slotwire/contract";
import { type Database, tenant } from "../db/database.ts";
import { showFinding } from "../domain/views/show-finding.ts";
import type { View } from "../domain/views/view.ts";
import { selectRun } from "./select-runs.ts";

type Row = Omit<ReconcileFindingResource, "created_at"> & { readonly created_at: Date };

/**
 * What a run found out, in the order in which it did, as the view shows it.
 * @param page `after` is the id of the last finding of the page before
 * @throws SlotwireError E_NOT_FOUND
 */
export async function listFindings(
  { db }: { readonly db: Database },
  { orgId, detail }: View,
  runId: string,
  { limit, after }: { readonly limit: number; readonly after: string | null },
): Promise<{ findings: ReconcileFindingResource[]; next: string | null }> {
  const rows = await db.transaction(tenant(orgId), async (tx) => {
    await selectRun(tx, orgId, runId);
    return tx.query<Row>(
      `SELECT f.id, f.run_id, f.uid, f.booking_id, b.booking_number, f.label, f.kind, f.outcome,
              f.fields, f.reason, f.created_at
         FROM reconcile_finding f
         LEFT JOIN booking b ON b.org_id = f.org_id AND b.id = f.booking_id
        WHERE f.org_id = $1 AND f.run_id = $2 AND ($3::uuid IS NULL OR f.id > $3)
        ORDER BY f.id LIMIT $4`,
      [orgId, runId, after, limit + 1],
    );
  });
  const page = rows.slice(0, limit);
  return {
    findings: page.map((row) =>
      showFinding({ ...row, created_at: row.created_at.toISOString() }, detail),
    ),
    next: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}
