import type { AlertResource } from "@slotwire/contract";
import { type Author, recordAudit } from "../access/record-audit.ts";
import type { Clock } from "../clock.ts";
import { type Database, tenant } from "../db/database.ts";
import { toAlert } from "../domain/describe-alert.ts";
import { showAlert } from "../domain/views/show-alert.ts";
import type { View } from "../domain/views/view.ts";
import { selectAlert } from "./alert-row.ts";

/**
 * Notes that somebody has seen an alert and is at it. The first one stays; one that is over is left
 * as it is.
 * @throws SlotwireError E_NOT_FOUND
 */
export async function acknowledgeAlert(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  by: Author,
  { detail }: View,
  id: string,
): Promise<AlertResource> {
  return db.transaction(tenant(by.orgId), async (tx) => {
    const before = toAlert(await selectAlert(tx, by.orgId, id));
    const changed = await tx.query(
      `UPDATE alert SET acknowledged_by = $3, acknowledged_at = $4
        WHERE org_id = $1 AND id = $2 AND acknowledged_at IS NULL AND resolved_at IS NULL
        RETURNING 1`,
      [by.orgId, id, by.actor.name, clock.now()],
    );
    if (changed.length === 0) {
      return showAlert(toAlert(await selectAlert(tx, by.orgId, id)), detail);
    }
    await recordAudit(tx, {
      ...by,
      at: clock.now(),
      action: "alert.acknowledged",
      entityId: id,
      entityName: before.title,
    });
    return showAlert(toAlert(await selectAlert(tx, by.orgId, id)), detail);
  });
}
