import type { Queryable } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import { runColumns, type RunRow } from "./run-row.ts";

/** The columns of a run, for a query. */
export const runSelection = ["org_id", "id", ...runColumns].join(", ");

/**
 * Reads one run.
 * @throws SlotwireError E_NOT_FOUND
 */
export async function selectRun(tx: Queryable, orgId: string, id: string): Promise<RunRow> {
  const [row] = await tx.query<RunRow>(
    `SELECT ${runSelection} FROM reconcile_run WHERE org_id = $1 AND id = $2`,
    [orgId, id],
  );
  if (row === undefined) throw new SlotwireError("E_NOT_FOUND");
  return row;
}
