import type { ConnectionResource } from "@slotwire/contract";
import { tenant } from "../../db/database.ts";
import type { ConnectionDeps } from "./connection-deps.ts";
import { selectConnection, toConnection } from "./connection-row.ts";

/**
 * One connection of the organisation.
 * @throws SlotwireError E_NOT_FOUND
 */
export async function getConnection(
  deps: Pick<ConnectionDeps, "db" | "connectors" | "config">,
  orgId: string,
  id: string,
): Promise<ConnectionResource> {
  const row = await deps.db.transaction(tenant(orgId), (tx) => selectConnection(tx, orgId, id));
  return toConnection(row, deps);
}
