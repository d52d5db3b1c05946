import type { Transaction } from "../db/database.ts";
import { uuid7 } from "../db/uuid7.ts";
import type { RunRow } from "./run-row.ts";

const DAY = 24 * 60 * 60 * 1000;
/** What is compared unless somebody says otherwise: yesterday, and what people book ahead. */
const DAYS_BACK = 1;
const DAYS_AHEAD = 90;

/** The window that is compared at an instant. */
export function usualWindow(now: Date): { readonly from: Date; readonly to: Date } {
  return {
    from: new Date(now.getTime() - DAYS_BACK * DAY),
    to: new Date(now.getTime() + DAYS_AHEAD * DAY),
  };
}

/** A run to be queued. */
export interface NewRun extends Pick<RunRow, "org_id" | "connection_id" | "trigger"> {
  readonly window: { readonly from: Date; readonly to: Date };
  readonly dryRun?: boolean;
  readonly requestedBy?: string | null;
  readonly reason?: string | null;
  readonly seriesRef?: string | null;
  readonly uid?: string | null;
  /** Not before; null for at once. */
  readonly dueAt?: Date | null;
}

/** Queues a run. @returns its id */
export async function queueRun(tx: Transaction, run: NewRun, now: Date): Promise<string> {
  const id = uuid7();
  await tx.query(
    `INSERT INTO reconcile_run (org_id, id, connection_id, trigger, requested_by, reason, dry_run,
                                window_from, window_to, series_ref, uid, next_attempt_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      run.org_id,
      id,
      run.connection_id,
      run.trigger,
      run.requestedBy ?? null,
      run.reason ?? null,
      run.dryRun ?? false,
      run.window.from,
      run.window.to,
      run.seriesRef ?? null,
      run.uid ?? null,
      run.dueAt ?? null,
      now,
    ],
  );
  return id;
}
