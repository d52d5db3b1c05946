import type { ReconcileRunResource } from "@slotwire/contract";
import type { Lease } from "../db/claim.ts";

/** How far a run is: what the source lists, what it did not list, what both lack. */
export type Stage = "listed" | "unlisted" | "gone";

/** A run as it is stored. */
export interface RunRow {
  readonly org_id: string;
  readonly id: string;
  readonly connection_id: string;
  readonly trigger: ReconcileRunResource["trigger"];
  readonly requested_by: string | null;
  readonly reason: string | null;
  readonly dry_run: boolean;
  readonly window_from: Date;
  readonly window_to: Date;
  readonly series_ref: string | null;
  readonly uid: string | null;
  readonly status: ReconcileRunResource["status"];
  readonly cancel_requested_at: Date | null;
  readonly stage: Stage;
  readonly cursor: string | null;
  readonly lookups: number;
  readonly checked: number;
  readonly missing: number;
  readonly different: number;
  readonly phantoms: number;
  readonly gone: number;
  readonly repaired: number;
  readonly still_different: number;
  readonly failures: number;
  readonly error_code: string | null;
  readonly error: string | null;
  readonly next_attempt_at: Date | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
}

/** A run that this process works on. */
export type ClaimedRun = RunRow & Lease;

/** The columns of a run, in no order. */
export const runColumns = [
  "connection_id",
  "trigger",
  "requested_by",
  "reason",
  "dry_run",
  "window_from",
  "window_to",
  "series_ref",
  "uid",
  "status",
  "cancel_requested_at",
  "stage",
  "cursor",
  "lookups",
  "checked",
  "missing",
  "different",
  "phantoms",
  "gone",
  "repaired",
  "still_different",
  "failures",
  "error_code",
  "error",
  "next_attempt_at",
  "created_at",
  "started_at",
  "finished_at",
] as const satisfies readonly (keyof RunRow)[];

/** A run as people see it. */
export function toRun(row: RunRow): ReconcileRunResource {
  const { checked, missing, different, phantoms, gone } = row;
  const isWaiting = row.status === "queued" || row.status === "running";
  return {
    id: row.id,
    connection_id: row.connection_id,
    trigger: row.trigger,
    requested_by: row.requested_by,
    reason: row.reason,
    dry_run: row.dry_run,
    from: row.window_from.toISOString(),
    to: row.window_to.toISOString(),
    series_ref: row.series_ref,
    uid: row.uid,
    status: row.status,
    checked,
    same: Math.max(0, checked - missing - different - phantoms - gone),
    missing,
    different,
    phantoms,
    gone,
    repaired: row.repaired,
    still_different: row.still_different,
    error_code: row.error_code,
    error: row.error,
    next_attempt_at: isWaiting ? (row.next_attempt_at?.toISOString() ?? null) : null,
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}
