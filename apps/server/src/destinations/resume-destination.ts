import type { DestinationResource } from "@slotwire/contract";
import { tenant } from "../db/database.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { found, toDestination } from "./destination-row.ts";

/**
 * Lets a paused or disabled destination hear of events again. What piled up during a pause goes
 * out at once; what was cancelled when it was disabled stays cancelled.
 * @throws SlotwireError E_NOT_FOUND
 */
export async function resumeDestination(
  { db, wake }: Pick<DestinationDeps, "db" | "wake">,
  orgId: string,
  id: string,
): Promise<DestinationResource> {
  const row = await db.transaction(tenant(orgId), (tx) =>
    tx.kysely
      .updateTable("destination")
      .set({ status: "active", disabled_reason: null })
      .where("id", "=", id)
      .where("deleted_at", "is", null)
      .returningAll()
      .executeTakeFirst(),
  );
  const destination = toDestination(found(row));
  wake.signal("deliveries");
  return destination;
}
