import type { SuggestedMapping } from "@slotwire/contract";
import { tenant } from "../../db/database.ts";
import { parseBody } from "../parse-body.ts";
import { selectLatestMessages } from "./latest-messages.ts";
import { findMapped, type MappingDeps } from "./mapped-connection.ts";

/** So many of the latest messages are looked at. */
const LOOKED_AT = 20;

/**
 * A first mapping for a connection, guessed from what it sent so far.
 * @throws SlotwireError E_NOT_FOUND, E_CONFLICT
 */
export async function suggestMapping(
  deps: MappingDeps,
  orgId: string,
  id: string,
): Promise<SuggestedMapping> {
  const { connection, connector } = await findMapped(deps, orgId, id);
  const messages = await deps.db.transaction(tenant(orgId), (tx) =>
    selectLatestMessages(tx, connection, LOOKED_AT, null),
  );
  const bodies = messages
    .map(({ body }) => parseBody(Buffer.from(body)))
    .flatMap((parsed) => (parsed.ok ? [parsed.value] : []));
  return { mapping: connector.mapping.suggest(bodies) };
}
