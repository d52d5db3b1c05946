import { type Queryable } from "../../db/database.ts";
import type { SourceConnection } from "../connections/source-connection.ts";
import { type KeptMessage, keptColumns } from "../reprocess/kept-message.ts";

/** Larger bodies are no examples. */
const MAX_BODY = 256 * 1024;

/**
 * The latest messages of a connection whose bodies are still there, the latest first.
 * @param ids only these; null for all
 */
export function selectLatestMessages(
  tx: Queryable,
  { orgId, id }: Pick<SourceConnection, "orgId" | "id">,
  limit: number,
  ids: readonly string[] | null,
): Promise<KeptMessage[]> {
  return tx.query<KeptMessage>(
    `SELECT ${keptColumns} FROM inbound_message m
      WHERE m.org_id = $1 AND m.connection_id = $2 AND m.body_removed_at IS NULL
        AND octet_length(m.body) <= ${MAX_BODY}
        AND ($4::uuid[] IS NULL OR m.id = ANY ($4::uuid[]))
      ORDER BY m.received_at DESC, m.id DESC LIMIT $3`,
    [orgId, id, limit, ids],
  );
}
