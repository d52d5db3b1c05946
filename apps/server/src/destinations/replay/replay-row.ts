import type { ReplayResource } from "@slotwire/contract";
import { type Transaction, tenant } from "../../db/database.ts";
import type { DestinationDeps } from "../destination-deps.ts";
import { found } from "../destination-row.ts";
import { type Page, pageOf, type PageRequest } from "../page.ts";

interface ReplayRow {
  readonly id: string;
  readonly filter: Record<string, unknown>;
  readonly rate_per_second: number;
  readonly total: number;
  readonly requested_by: string;
  readonly created_at: Date;
  readonly cancelled_at: Date | null;
  readonly delivered: number;
  readonly failed: number;
  readonly skipped: number;
  readonly is_open: boolean;
}

const replays = `
  SELECT r.id, r.filter, r.rate_per_second, r.total, r.requested_by, r.created_at, r.cancelled_at,
         d.delivered, d.failed, d.skipped, d.is_open
    FROM replay r
   CROSS JOIN LATERAL (
     SELECT (count(*) FILTER (WHERE status = 'delivered'))::int AS delivered,
            (count(*) FILTER (WHERE status = 'exhausted'))::int AS failed,
            (count(*) FILTER (WHERE status IN ('skipped', 'cancelled')))::int AS skipped,
            coalesce(bool_or(next_attempt_at IS NOT NULL), false) AS is_open
       FROM delivery w WHERE w.org_id = r.org_id AND w.replay_id = r.id) d`;

function toReplay({ is_open: isOpen, ...row }: ReplayRow): ReplayResource {
  return {
    ...row,
    status: row.cancelled_at !== null ? "cancelled" : isOpen ? "running" : "done",
    created_at: row.created_at.toISOString(),
    cancelled_at: row.cancelled_at?.toISOString() ?? null,
  };
}

/** One replay, in the transaction's organisation. @throws SlotwireError E_NOT_FOUND */
export async function selectReplay(tx: Transaction, id: string): Promise<ReplayResource> {
  const [row] = await tx.query<ReplayRow>(`${replays} WHERE r.id = $1`, [id]);
  return toReplay(found(row));
}

/** One replay. @throws SlotwireError E_NOT_FOUND */
export function getReplay(
  { db }: Pick<DestinationDeps, "db">,
  orgId: string,
  id: string,
): Promise<ReplayResource> {
  return db.transaction(tenant(orgId), (tx) => selectReplay(tx, id));
}

/** The replays, the newest first. */
export async function listReplays(
  { db }: Pick<DestinationDeps, "db">,
  orgId: string,
  { limit, before }: PageRequest,
): Promise<Page<ReplayResource>> {
  const rows = await db.transaction(tenant(orgId), (tx) =>
    tx.query<ReplayRow>(
      `${replays} WHERE $1::uuid IS NULL OR r.id < $1 ORDER BY r.id DESC LIMIT $2`,
      [before, limit + 1],
    ),
  );
  return pageOf(rows.map(toReplay), limit);
}
