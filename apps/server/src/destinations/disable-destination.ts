import { tenant } from "../db/database.ts";
import { cancelOpenDeliveries } from "./cancel-open-deliveries.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { selectDestination } from "./destination-row.ts";

/**
 * Disables a destination that is gone for good, until a person resumes it. Its open deliveries
 * are cancelled; of what happens meanwhile it hears nothing.
 * @param reason for people, in one sentence
 */
export async function disableDestination(
  { db }: Pick<DestinationDeps, "db">,
  orgId: string,
  id: string,
  reason: string,
): Promise<void> {
  await db.transaction(tenant(orgId), async (tx) => {
    const row = await selectDestination(tx, id).forUpdate().executeTakeFirst();
    if (row === undefined || row.status === "disabled") return;
    await tx.kysely
      .updateTable("destination")
      .set({ status: "disabled", disabled_reason: reason })
      .where("id", "=", id)
      .execute();
    await cancelOpenDeliveries(tx, id);
  });
}
