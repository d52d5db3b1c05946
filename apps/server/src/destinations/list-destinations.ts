import type { DestinationResource, List, PageQuery } from "@slotwire/contract";
import { tenant } from "../db/database.ts";
import { type DestinationDeps } from "./destination-deps.ts";
import { toDestination } from "./destination-row.ts";
import { idFromCursor, pageOf } from "./id-cursor.ts";

/**
 * The organisation's destinations, the newest first.
 * @throws SlotwireError E_CURSOR when the cursor is not one of ours
 */
export async function listDestinations(
  { db }: Pick<DestinationDeps, "db">,
  orgId: string,
  { limit, cursor }: PageQuery,
): Promise<List<DestinationResource>> {
  const before = idFromCursor(cursor);
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
