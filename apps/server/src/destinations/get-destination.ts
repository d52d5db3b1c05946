import type { DestinationResource } from "@slotwire/contract";
import { tenant } from "../db/database.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { found, selectDestination, toDestination } from "./destination-row.ts";

/** One destination. @throws SlotwireError E_NOT_FOUND */
export async function getDestination(
  { db }: Pick<DestinationDeps, "db">,
  orgId: string,
  id: string,
): Promise<DestinationResource> {
  const row = await db.transaction(tenant(orgId), (tx) =>
    selectDestination(tx, id).executeTakeFirst(),
  );
  return toDestination(found(row));
}
