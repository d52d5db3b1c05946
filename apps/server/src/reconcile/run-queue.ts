import { createQueue } from "../db/claim.ts";
import type { RunRow } from "./run-row.ts";
import { runColumns } from "./run-row.ts";

/** A step takes one call of the source, which is bounded; a lease that ends belongs to nobody. */
export const LEASE_SECONDS = 120;

/**
 * The runs that are due. A connection has one at a time: a second one waits until the first has
 * ended, whichever of them was asked for first.
 */
export const runQueue = createQueue<RunRow>({
  table: "reconcile_run",
  key: ["org_id", "id"],
  columns: runColumns,
  waiting: `due.status IN ('queued', 'running') AND (due.status = 'running' OR NOT EXISTS (
    SELECT FROM reconcile_run other
     WHERE other.org_id = due.org_id AND other.connection_id = due.connection_id
       AND other.status = 'running'))`,
  dueAt: "next_attempt_at",
  // Every step that is written begins the count anew.
  maxAttempts: 5,
  giveUp: (_row, now) => ({
    status: "failed",
    error_code: "E_INTERNAL",
    error: "The process ended in the middle of it, again and again.",
    finished_at: now,
  }),
});
