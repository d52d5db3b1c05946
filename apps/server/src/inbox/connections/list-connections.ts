import type { ConnectionResource } from "@slotwire/contract";
import { type Database, tenant } from "../../db/database.ts";
import { selectConnections, toConnection } from "./connection-row.ts";

/**
 * The organisation's connections, the oldest first. There are few: they come on one page.
 * @param publicUrl the hub's address, without a trailing slash
 */
export async function listConnections(
  { db }: { readonly db: Database },
  orgId: string,
  publicUrl: string,
): Promise<ConnectionResource[]> {
  const rows = await db.transaction(tenant(orgId), (tx) => selectConnections(tx, orgId, null));
  return rows.map((row) => toConnection(row, publicUrl));
}
