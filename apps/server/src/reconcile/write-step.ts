import { type Database, tenant, type Transaction } from "../db/database.ts";
import { type Finding, insertFindings } from "./finding.ts";
import { LEASE_SECONDS } from "./run-queue.ts";
import { type ClaimedRun, runColumns, type RunRow, type Stage } from "./run-row.ts";

/** What one step of a run came to. */
export interface Step {
  /** Bookings that were compared. */
  readonly checked: number;
  readonly findings: readonly Finding[];
  /** Ids that were heard of. */
  readonly seen: readonly string[];
  /** Bookings that were asked for one by one. */
  readonly lookups: number;
  /** Where the run goes on; null when it is over. */
  readonly next: { readonly stage: Stage; readonly cursor: string | null } | null;
}

/**
 * Writes what a step came to, and moves the run on, in one transaction.
 * @returns the run as it is now, its lease renewed; null when it is no longer this process's
 */
export async function writeStep(
  { db }: { readonly db: Database },
  run: ClaimedRun,
  step: Step,
  now: Date,
): Promise<ClaimedRun | null> {
  return db.transaction(tenant(run.org_id), async (tx) => {
    const moved = await moveOn(tx, run, step, now);
    if (moved === null) return null;
    await insertFindings(tx, run, step.findings, now);
    await tx.query(
      `INSERT INTO reconcile_seen (org_id, run_id, uid)
       SELECT $1, $2, uid FROM jsonb_array_elements_text($3::jsonb) AS uid
           ON CONFLICT DO NOTHING`,
      [run.org_id, run.id, JSON.stringify(step.seen)],
    );
    if (step.next === null) await forgetSeen(tx, run);
    return moved;
  });
}

async function moveOn(
  tx: Transaction,
  run: ClaimedRun,
  { checked, findings, lookups, next }: Step,
  now: Date,
): Promise<ClaimedRun | null> {
  const count = (wanted: Finding["kind"]): number =>
    findings.filter(({ kind }) => kind === wanted).length;
  const ended = (outcome: string): number =>
    findings.filter((finding) => finding.outcome === outcome).length;
  const [row] = await tx.query<RunRow>(
    `UPDATE reconcile_run
        SET checked = checked + $4, missing = missing + $5, different = different + $6,
            phantoms = phantoms + $7, gone = gone + $15, repaired = repaired + $8,
            still_different = still_different + $9, lookups = lookups + $10,
            stage = coalesce($11, stage), cursor = $12,
            status = CASE WHEN $11::text IS NULL THEN 'done' ELSE status END,
            finished_at = CASE WHEN $11::text IS NULL THEN $13::timestamptz END,
            lease_until = CASE WHEN $11::text IS NOT NULL THEN $14::timestamptz END,
            lease_token = CASE WHEN $11::text IS NOT NULL THEN lease_token END,
            failures = 0, attempts = 0, error_code = NULL, error = NULL, next_attempt_at = NULL
      WHERE org_id = $1 AND id = $2 AND lease_token = $3
      RETURNING org_id, id, ${runColumns.join(", ")}`,
    [
      run.org_id,
      run.id,
      run.lease_token,
      checked,
      count("missing"),
      count("different"),
      count("phantom"),
      ended("repaired"),
      ended("open"),
      lookups,
      next?.stage ?? null,
      next?.cursor ?? null,
      now,
      new Date(now.getTime() + LEASE_SECONDS * 1000),
      count("gone"),
    ],
  );
  return row === undefined ? null : { ...run, ...row };
}

/** What a run has heard of is of no use after it. */
export async function forgetSeen(
  tx: Transaction,
  run: Pick<RunRow, "org_id" | "id">,
): Promise<void> {
  await tx.query("DELETE FROM reconcile_seen WHERE org_id = $1 AND run_id = $2", [
    run.org_id,
    run.id,
  ]);
}
