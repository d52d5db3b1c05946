import type { DestinationResource } from "@slotwire/contract";
import { tenant } from "../db/database.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { found, selectDestination, toDestination } from "./destination-row.ts";

/**
 * Holds a destination back: its deliveries pile up as pending and go out when it is resumed. A
 * disabled one stays disabled.
 * @throws SlotwireError E_NOT_FOUND
 */
export async function pauseDestination(
  { db }: Pick<DestinationDeps, "db">,
  orgId: string,
  id: string,
): Promise<DestinationResource> {
  const row = await db.transaction(tenant(orgId), async (tx) => {
    await tx.kysely
      .updateTable("destination")
      .set({ status: "paused" })
      .where("id", "=", id)
      .where("status", "=", "active")
      .execute();
    return selectDestination(tx, id).executeTakeFirst();
  });
  return toDestination(found(row));
}
