import type { DestinationResource } from "@slotwire/contract";
import type { Author } from "../access/record-audit.ts";
import { tenant } from "../db/database.ts";
import { auditDestination } from "./audit-destination.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { found, selectDestination, toDestination } from "./destination-row.ts";

/**
 * Holds a destination back: its deliveries pile up as pending and go out when it is resumed. A
 * disabled one stays disabled.
 * @throws SlotwireError E_NOT_FOUND
 */
export async function pauseDestination(
  { db, clock }: Pick<DestinationDeps, "db" | "clock">,
  by: Author,
  id: string,
): Promise<DestinationResource> {
  const row = await db.transaction(tenant(by.orgId), async (tx) => {
    const old = found(await selectDestination(tx, id).forNoKeyUpdate().executeTakeFirst());
    if (old.status !== "active") return old;
    const fresh = { ...old, status: "paused" };
    await tx.kysely
      .updateTable("destination")
      .set({ status: fresh.status })
      .where("id", "=", id)
      .execute();
    await auditDestination(tx, by, clock.now(), "paused", { old, fresh });
    return fresh;
  });
  return toDestination(row);
}
