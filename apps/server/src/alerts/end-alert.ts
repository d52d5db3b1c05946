import type { Transaction } from "../db/database.ts";
import { alertKey, type NewAlert } from "./open-alert.ts";

/**
 * Closes an alert whose reason is over, as the hub itself has seen.
 * @param tx in the scope of the organisation, or of the system
 * @param at when it was seen to be over, UTC
 * @returns whether one was open
 */
export async function endAlert(
  tx: Transaction,
  alert: Pick<NewAlert, "orgId" | "kind" | "connectionId" | "about">,
  at: Date,
): Promise<boolean> {
  const rows = await tx.query(
    `UPDATE alert SET resolved_at = greatest($3::timestamptz, last_seen_at)
      WHERE org_id = $1 AND key = $2 AND resolved_at IS NULL RETURNING 1`,
    [alert.orgId, alertKey(alert), at],
  );
  return rows.length > 0;
}
