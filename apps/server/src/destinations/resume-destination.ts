import type { DestinationResource } from "@slotwire/contract";
import type { Author } from "../access/record-audit.ts";
import { tenant } from "../db/database.ts";
import { auditDestination } from "./audit-destination.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { found, selectDestination, toDestination } from "./destination-row.ts";

/**
 * Lets a paused or disabled destination hear of events again. What piled up during a pause goes
 * out at once; what it missed while it was disabled is sent anew by hand alone.
 * @throws SlotwireError E_NOT_FOUND
 */
export async function resumeDestination(
  { db, clock, wake }: Pick<DestinationDeps, "db" | "clock" | "wake">,
  by: Author,
  id: string,
): Promise<DestinationResource> {
  const row = await db.transaction(tenant(by.orgId), async (tx) => {
    const old = found(await selectDestination(tx, id).forNoKeyUpdate().executeTakeFirst());
    if (old.status === "active") return old;
    // It gets its whole patience again, and is asked at once.
    const unburdened = { disabled_at: null, failing_since: null, held_until: null } as const;
    const active = { status: "active", disabled_reason: null, ...unburdened } as const;
    await tx.kysely.updateTable("destination").set(active).where("id", "=", id).execute();
    const fresh = { ...old, ...active };
    await auditDestination(tx, by, clock.now(), "resumed", { old, fresh });
    return fresh;
  });
  wake.signal("deliveries");
  return toDestination(row);
}
