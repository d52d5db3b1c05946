import type { Author } from "../access/record-audit.ts";
import { tenant } from "../db/database.ts";
import { auditDestination } from "./audit-destination.ts";
import { cancelOpenDeliveries } from "./cancel-open-deliveries.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { found, selectDestination } from "./destination-row.ts";

/**
 * Deletes a destination: it hears of nothing more, its open deliveries are cancelled, and its
 * history stays.
 * @throws SlotwireError E_NOT_FOUND
 */
export async function deleteDestination(
  { db, clock }: Pick<DestinationDeps, "db" | "clock">,
  by: Author,
  id: string,
): Promise<void> {
  await db.transaction(tenant(by.orgId), async (tx) => {
    const old = found(await selectDestination(tx, id).forUpdate().executeTakeFirst());
    await tx.kysely
      .updateTable("destination")
      .set({ deleted_at: clock.now() })
      .where("id", "=", id)
      .execute();
    await cancelOpenDeliveries(tx, id, "destination_deleted");
    await auditDestination(tx, by, clock.now(), "deleted", { old, fresh: null });
  });
}
