import { type ConnectionMapping, type Mapping, mappingSchema } from "@slotwire/contract";
import type { Connector, MappingReader } from "../../connectors/connector.ts";
import { type Queryable, tenant } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import type { ConnectionDirectory } from "../connections/connection-directory.ts";
import { type ConnectionRow, selectConnection } from "../connections/connection-row.ts";
import type { SourceConnection } from "../connections/source-connection.ts";
import type { InboxDeps } from "../inbox-deps.ts";
import { countUnmapped, readMappingHistory } from "./mapping-history.ts";

/** What the verbs of mappings work with. */
export interface MappingDeps extends InboxDeps {
  readonly connections: ConnectionDirectory;
}

/** A connector that reads messages by a mapping. */
export type MappingConnector = Connector & { readonly mapping: MappingReader };

/**
 * The connector of a connection whose messages are read by a mapping.
 * @throws SlotwireError E_CONFLICT when its messages are understood without one
 */
export function mappingConnector(
  { connectors }: Pick<InboxDeps, "connectors">,
  { kind }: { readonly kind: string },
): MappingConnector {
  const connector = connectors.get(kind);
  if (connector?.mapping === undefined) {
    const detail = "Messages of this source are understood without a mapping.";
    throw new SlotwireError("E_CONFLICT", { detail });
  }
  return { ...connector, mapping: connector.mapping };
}

/**
 * A connection of the organisation whose messages are read by a mapping, as whoever receives its
 * messages needs it.
 * @throws SlotwireError E_NOT_FOUND, E_CONFLICT
 */
export async function findMapped(
  deps: MappingDeps,
  orgId: string,
  id: string,
): Promise<{ readonly connection: SourceConnection; readonly connector: MappingConnector }> {
  // Through the organisation's own eyes first: the directory sees all of them.
  const row = await deps.db.transaction(tenant(orgId), (tx) => selectConnection(tx, orgId, id));
  const connector = mappingConnector(deps, row);
  const connection = await deps.connections.find({ id }, { fresh: true });
  if (connection === null || connection.orgId !== orgId) throw new SlotwireError("E_NOT_FOUND");
  return { connection, connector };
}

/** The mapping in a connection's settings; null when there is none. */
function liveMapping(settings: Readonly<Record<string, unknown>>): Mapping | null {
  return mappingSchema.safeParse(settings["mapping"]).data ?? null;
}

/** A connection's mapping as people see it. */
export async function showMapping(
  tx: Queryable,
  orgId: string,
  row: Pick<ConnectionRow, "id" | "settings" | "mapping_version">,
): Promise<ConnectionMapping> {
  return {
    mapping: liveMapping(row.settings),
    version: row.mapping_version,
    waiting: await countUnmapped(tx, orgId, row.id),
    history: await readMappingHistory(tx, orgId, row.id),
  };
}
