import type { DestinationResource } from "@slotwire/contract";
import { tenant } from "../db/database.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { toDestination } from "./destination-row.ts";
import { type Page, pageOf, type PageRequest } from "./page.ts";

/** The organisation's destinations, the newest first. */
export async function listDestinations(
  { db }: Pick<DestinationDeps, "db">,
  orgId: string,
  { limit, before }: PageRequest,
): Promise<Page<DestinationResource>> {
  const rows = await db.transaction(tenant(orgId), (tx) => {
    let query = tx.kysely
      .selectFrom("destination")
      .selectAll()
      .where("deleted_at", "is", null)
      .orderBy("id", "desc")
      .limit(limit + 1);
    if (before !== null) query = query.where("id", "<", before);
    return query.execute();
  });
  return pageOf(rows.map(toDestination), limit);
}
