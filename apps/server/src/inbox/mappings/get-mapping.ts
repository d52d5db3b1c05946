import type { ConnectionMapping } from "@slotwire/contract";
import { tenant } from "../../db/database.ts";
import { selectConnection } from "../connections/connection-row.ts";
import { mappingConnector, type MappingDeps, showMapping } from "./mapped-connection.ts";

/**
 * What a connection's messages mean by now, and what was said before.
 * @throws SlotwireError E_NOT_FOUND; E_CONFLICT when they are understood without a mapping
 */
export async function getMapping(
  deps: Pick<MappingDeps, "db" | "connectors">,
  orgId: string,
  id: string,
): Promise<ConnectionMapping> {
  return deps.db.transaction(tenant(orgId), async (tx) => {
    const row = await selectConnection(tx, orgId, id);
    mappingConnector(deps, row);
    return showMapping(tx, orgId, row);
  });
}
