import type { DeliveryResource } from "@slotwire/contract";
import { tenant } from "../db/database.ts";
import { selectDeliveries, toDelivery } from "./delivery-row.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { found } from "./destination-row.ts";

/** One delivery. @throws SlotwireError E_NOT_FOUND */
export async function getDelivery(
  { db }: Pick<DestinationDeps, "db">,
  orgId: string,
  id: string,
): Promise<DeliveryResource> {
  const row = await db.transaction(tenant(orgId), (tx) =>
    selectDeliveries(tx).where("delivery.id", "=", id).executeTakeFirst(),
  );
  return toDelivery(found(row));
}
