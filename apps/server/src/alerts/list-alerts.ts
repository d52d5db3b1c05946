import type { AlertResource } from "@slotwire/contract";
import { type Database, tenant } from "../db/database.ts";
import { type AlertRow, toAlert } from "../domain/describe-alert.ts";
import { showAlert } from "../domain/views/show-alert.ts";
import type { View } from "../domain/views/view.ts";
import { selectAlerts } from "./alert-row.ts";

/** Where a page ends: when the last alert was opened, with microseconds, and its id. */
export type AlertPosition = readonly [openedAt: string, id: string];

/**
 * The alerts, the newest first, as the view shows them.
 * @param isOpen only those that are open, or those that are over; null for all
 * @returns at most `limit` alerts, and the position to go on from, or null on the last page
 */
export async function listAlerts(
  { db }: { readonly db: Database },
  { orgId, detail }: View,
  isOpen: boolean | null,
  page: { readonly limit: number; readonly before: AlertPosition | null },
): Promise<{ alerts: AlertResource[]; next: AlertPosition | null }> {
  const [at = null, id = null] = page.before ?? [];
  const rows = await db.transaction(tenant(orgId), (tx) =>
    tx.query<AlertRow & { readonly position: string }>(
      `${selectAlerts.replace(
        "SELECT",
        `SELECT to_char(a.opened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS position,`,
      )}
        WHERE a.org_id = $1 AND ($2::boolean IS NULL OR (a.resolved_at IS NULL) = $2)
          AND ($3::timestamptz IS NULL OR (a.opened_at, a.id) < ($3, $4::uuid))
        ORDER BY a.opened_at DESC, a.id DESC LIMIT $5`,
      [orgId, isOpen, at, id, page.limit + 1],
    ),
  );
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    alerts: shown.map((row) => showAlert(toAlert(row), detail)),
    next: rows.length > page.limit && last !== undefined ? [last.position, last.id] : null,
  };
}
