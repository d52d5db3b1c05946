import type { AlertResource } from "@slotwire/contract";
import { type Author, recordAudit } from "../access/record-audit.ts";
import type { Clock } from "../clock.ts";
import { type Database, tenant } from "../db/database.ts";
import type { Wake } from "../db/wake.ts";
import { toAlert } from "../domain/describe-alert.ts";
import { showAlert } from "../domain/views/show-alert.ts";
import type { View } from "../domain/views/view.ts";
import { selectAlert } from "./alert-row.ts";

/**
 * Closes an alert because somebody says that it is over. What is seen of it later opens another.
 * One that is over is left as it is.
 * @throws SlotwireError E_NOT_FOUND
 */
export async function resolveAlert(
  { db, clock, wake }: { readonly db: Database; readonly clock: Clock; readonly wake: Wake },
  by: Author,
  { detail }: View,
  id: string,
): Promise<AlertResource> {
  const alert = await db.transaction(tenant(by.orgId), async (tx) => {
    const before = toAlert(await selectAlert(tx, by.orgId, id));
    const changed = await tx.query(
      `UPDATE alert SET resolved_by = $3, resolved_at = $4
        WHERE org_id = $1 AND id = $2 AND resolved_at IS NULL RETURNING 1`,
      [by.orgId, id, by.actor.name, clock.now()],
    );
    // Who was quicker has closed it.
    if (changed.length === 0) return toAlert(await selectAlert(tx, by.orgId, id));
    await recordAudit(tx, {
      ...by,
      at: clock.now(),
      action: "alert.resolved",
      entityId: id,
      entityName: before.title,
    });
    return toAlert(await selectAlert(tx, by.orgId, id));
  });
  wake.signal("deliveries");
  return showAlert(alert, detail);
}
