import type { ConnectionResource } from "@slotwire/contract";
import { tenant } from "../../db/database.ts";
import type { ConnectionDeps } from "./connection-deps.ts";
import { selectConnections, toConnection } from "./connection-row.ts";

/** The organisation's connections, the oldest first. There are few: they come on one page. */
export async function listConnections(
  deps: Pick<ConnectionDeps, "db" | "connectors" | "config">,
  orgId: string,
): Promise<ConnectionResource[]> {
  const rows = await deps.db.transaction(tenant(orgId), (tx) => selectConnections(tx, orgId, null));
  return rows.map((row) => toConnection(row, deps));
}
