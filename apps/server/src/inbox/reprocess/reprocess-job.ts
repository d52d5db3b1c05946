import type { ReprocessJobResource, ReprocessResultResource } from "@slotwire/contract";
import { type Database, type Queryable, tenant } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";

interface JobRow {
  readonly id: string;
  readonly status: ReprocessJobResource["status"];
  readonly filter: Record<string, unknown>;
  readonly total: number;
  readonly done: number;
  readonly changed: number;
  readonly failed: number;
  readonly requested_by: string;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
}

/** What came of messages that changed no booking. */
const idle = "('unchanged', 'ignored', 'refused', 'waiting', 'fetch', 'failed', 'unavailable')";

const jobs = `
  SELECT j.id, j.status, j.filter, j.total, j.requested_by, j.created_at, j.started_at,
         j.finished_at, i.done, i.changed, i.failed
    FROM reprocess_job j
   CROSS JOIN LATERAL (
     SELECT count(*)::int AS done,
            (count(*) FILTER (WHERE i.action NOT IN ${idle}))::int AS changed,
            (count(*) FILTER (WHERE i.action IN ('failed', 'refused', 'unavailable')))::int AS failed
       FROM reprocess_item i
      WHERE i.org_id = j.org_id AND i.job_id = j.id AND i.done_at IS NOT NULL) i`;

/** Reads one job. @throws SlotwireError E_NOT_FOUND */
export async function selectJob(tx: Queryable, orgId: string, id: string): Promise<JobRow> {
  const [row] = await tx.query<JobRow>(`${jobs} WHERE j.org_id = $1 AND j.id = $2`, [orgId, id]);
  if (row === undefined) throw new SlotwireError("E_NOT_FOUND");
  return row;
}

/** A job as people see it. */
export function toJob(row: JobRow): ReprocessJobResource {
  return {
    ...row,
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}

/** One job. @throws SlotwireError E_NOT_FOUND */
export async function getReprocessJob(
  { db }: { readonly db: Database },
  orgId: string,
  id: string,
): Promise<ReprocessJobResource> {
  return toJob(await db.transaction(tenant(orgId), (tx) => selectJob(tx, orgId, id)));
}

/**
 * The jobs, the newest first.
 * @param page `before` is the id of the last job of the page before
 * @returns at most `limit` jobs, and the id to go on from, or null on the last page
 */
export async function listReprocessJobs(
  { db }: { readonly db: Database },
  orgId: string,
  page: { readonly limit: number; readonly before: string | null },
): Promise<{ jobs: ReprocessJobResource[]; next: string | null }> {
  const rows = await db.transaction(tenant(orgId), (tx) =>
    tx.query<JobRow>(
      `${jobs} WHERE j.org_id = $1 AND ($2::uuid IS NULL OR j.id < $2)
        ORDER BY j.id DESC LIMIT $3`,
      [orgId, page.before, page.limit + 1],
    ),
  );
  const shown = rows.slice(0, page.limit);
  return {
    jobs: shown.map(toJob),
    next: rows.length > page.limit ? (shown.at(-1)?.id ?? null) : null,
  };
}

type ResultRow = Omit<ReprocessResultResource, "done_at"> & { readonly done_at: Date | null };

/**
 * What came of the messages of a job, in the order in which they are processed.
 * @param page `after` is the number of the last message of the page before
 * @throws SlotwireError E_NOT_FOUND
 */
export async function listReprocessResults(
  { db }: { readonly db: Database },
  orgId: string,
  jobId: string,
  page: { readonly limit: number; readonly after: number },
): Promise<{ results: ReprocessResultResource[]; next: number | null }> {
  const rows = await db.transaction(tenant(orgId), async (tx) => {
    await selectJob(tx, orgId, jobId);
    return tx.query<ResultRow>(
      `SELECT no, message_id, action, reason, done_at FROM reprocess_item
        WHERE org_id = $1 AND job_id = $2 AND no > $3 ORDER BY no LIMIT $4`,
      [orgId, jobId, page.after, page.limit + 1],
    );
  });
  const shown = rows.slice(0, page.limit);
  return {
    results: shown.map((row) => ({ ...row, done_at: row.done_at?.toISOString() ?? null })),
    next: rows.length > page.limit ? (shown.at(-1)?.no ?? null) : null,
  };
}
