import { sql } from "kysely";
import { type Author, recordAudit } from "../../access/record-audit.ts";
import { tenant } from "../../db/database.ts";
import type { DestinationDeps } from "../destination-deps.ts";
import { found } from "../destination-row.ts";

/** Ends all links to a destination's log. @throws SlotwireError E_NOT_FOUND */
export async function revokePortalLinks(
  { db, clock }: Pick<DestinationDeps, "db" | "clock">,
  by: Author,
  id: string,
): Promise<void> {
  await db.transaction(tenant(by.orgId), async (tx) => {
    const row = found(
      await tx.kysely
        .updateTable("destination")
        .set({ portal_generation: sql<number>`portal_generation + 1` })
        .where("id", "=", id)
        .where("deleted_at", "is", null)
        .returning("name")
        .executeTakeFirst(),
    );
    await recordAudit(tx, {
      ...by,
      at: clock.now(),
      action: "destination.portal_links_revoked",
      entityId: id,
      entityName: row.name,
    });
  });
}
