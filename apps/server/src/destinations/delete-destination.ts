import { tenant } from "../db/database.ts";
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
  orgId: string,
  id: string,
): Promise<void> {
  await db.transaction(tenant(orgId), async (tx) => {
    found(await selectDestination(tx, id).forUpdate().executeTakeFirst());
    await tx.kysely
      .updateTable("destination")
      .set({ deleted_at: clock.now() })
      .where("id", "=", id)
      .execute();
    await cancelOpenDeliveries(tx, id);
  });
}
