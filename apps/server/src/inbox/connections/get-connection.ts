import type { ConnectionResource } from "@slotwire/contract";
import { type Database, tenant } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import { selectConnections, toConnection } from "./connection-row.ts";

/**
 * One connection of the organisation.
 * @param publicUrl the hub's address, without a trailing slash
 * @throws SlotwireError E_NOT_FOUND
 */
export async function getConnection(
  { db }: { readonly db: Database },
  orgId: string,
  id: string,
  publicUrl: string,
): Promise<ConnectionResource> {
  const [row] = await db.transaction(tenant(orgId), (tx) => selectConnections(tx, orgId, id));
  if (row === undefined) throw new SlotwireError("E_NOT_FOUND");
  return toConnection(row, publicUrl);
}
