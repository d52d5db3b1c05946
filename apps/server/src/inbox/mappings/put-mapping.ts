import type { ConnectionMapping, putMappingSchema } from "@slotwire/contract";
import type { z } from "zod";
import type { Author } from "../../access/record-audit.ts";
import { tenant } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import { changeConnection } from "../connections/change-connection.ts";
import type { ConnectionDeps } from "../connections/connection-deps.ts";
import { readSettings } from "../connections/connection-settings.ts";
import { reviveAllUnmapped } from "../queries.ts";
import { getMapping } from "./get-mapping.ts";
import { mappingConnector, type MappingDeps } from "./mapped-connection.ts";

/** A mapping that is to go live. */
export interface NewMapping extends z.output<typeof putMappingSchema> {
  /** The version that whoever changes it saw; null for whichever there is. */
  readonly expectedVersion: number | null;
}

/**
 * Makes a mapping live, and keeps it as a version. From now on messages are read by it; those that
 * waited for one are processed, if wished.
 * @throws SlotwireError E_NOT_FOUND, E_CONFLICT, E_VALIDATION naming what cannot be used,
 *   E_PRECONDITION when somebody else was faster
 */
export async function putMapping(
  deps: MappingDeps & ConnectionDeps,
  author: Author,
  id: string,
  { mapping, process_waiting: processWaiting, expectedVersion }: NewMapping,
): Promise<ConnectionMapping> {
  await changeConnection(deps, author, id, {
    action: "connection.mapping_changed",
    columns: (row) => {
      mappingConnector(deps, row);
      if (expectedVersion !== null && expectedVersion !== row.mapping_version) {
        throw new SlotwireError("E_PRECONDITION");
      }
      const settings = readSettings(deps, row.kind, { ...row.settings, mapping });
      return { settings: JSON.stringify(settings) };
    },
  });
  if (processWaiting) {
    const { orgId } = author;
    await deps.db.transaction(tenant(orgId), (tx) => reviveAllUnmapped(tx, orgId, id));
    deps.wake.signal("messages");
  }
  return getMapping(deps, author.orgId, id);
}
