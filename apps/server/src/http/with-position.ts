import { POSITION_HEADER } from "@slotwire/contract";
import type { FastifyReply } from "fastify";
import type { Database } from "../db/database.ts";
import { readLogPosition } from "../ledger/read-log-position.ts";

/**
 * Reads what an answer shows, with a position of the log that was read before it in its header: what
 * follows the position, merged by `version`, is all that the answer may lack.
 */
export async function withPosition<Shown>(
  { db }: { readonly db: Database },
  reply: FastifyReply,
  orgId: string,
  read: () => Promise<Shown>,
): Promise<Shown> {
  const position = await readLogPosition(db, orgId);
  const shown = await read();
  reply.header(POSITION_HEADER, position);
  return shown;
}
