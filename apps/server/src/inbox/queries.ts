import { type Database, type Queryable, tenant } from "../db/database.ts";
import type { SourceConnection } from "./connections/source-connection.ts";

/** A message that waits for a booking. */
export interface WaitingMessage {
  readonly orgId: string;
  readonly connectionId: string;
  readonly messageId: string;
  /** The id of the booking that it waits for. */
  readonly uid: string;
}

/**
 * Makes a waiting message due when its booking is there after all. The lock is the one under
 * which the ledger writes a booking's ids: behind it either the booking can be seen, or its
 * writer will see the message. Who else holds the message's row is dealing with it: it is left
 * to them, because the ledger takes row and lock in the other order.
 * @returns whether the message became due
 */
export async function reviveMessage(
  { db }: { readonly db: Database },
  { orgId, connectionId, messageId, uid }: WaitingMessage,
): Promise<boolean> {
  const rows = await db.transaction(tenant(orgId), async (tx) => {
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [
      `${connectionId} ${uid}`,
    ]);
    return tx.query(
      `UPDATE inbound_message SET status = 'received', next_attempt_at = NULL
        WHERE (org_id, id) IN (
          SELECT org_id, id FROM inbound_message
           WHERE org_id = $1 AND id = $2 AND status = 'waiting' FOR UPDATE SKIP LOCKED)
          AND EXISTS (
            SELECT FROM booking_external_ref
             WHERE org_id = $1 AND connection_id = $3 AND kind = 'uid' AND external_id = $4)
        RETURNING 1`,
      [orgId, messageId, connectionId, uid],
    );
  });
  return rows.length > 0;
}

/**
 * Makes a message due that waits to be given a meaning, when the settings of its connection are no
 * longer those by which it was read.
 * @returns whether it became due
 */
export async function reviveUnmapped(
  { db }: { readonly db: Database },
  { orgId, id, settings }: Pick<SourceConnection, "orgId" | "id" | "settings">,
  messageId: string,
): Promise<boolean> {
  const rows = await db.transaction(tenant(orgId), (tx) =>
    tx.query(
      `UPDATE inbound_message SET status = 'received', next_attempt_at = NULL
        WHERE org_id = $1 AND id = $2 AND status = 'waiting' AND error_code = 'E_NOT_MAPPED'
          AND EXISTS (
            SELECT FROM connection
             WHERE org_id = $1 AND id = $3 AND settings IS DISTINCT FROM $4::jsonb)
        RETURNING 1`,
      [orgId, messageId, id, JSON.stringify(settings)],
    ),
  );
  return rows.length > 0;
}

/**
 * Makes all messages of a connection due that wait to be given a meaning.
 * @returns how many
 */
export async function reviveAllUnmapped(
  tx: Queryable,
  orgId: string,
  connectionId: string,
): Promise<number> {
  const rows = await tx.query(
    `UPDATE inbound_message SET status = 'received', next_attempt_at = NULL, attempts = 0
      WHERE org_id = $1 AND connection_id = $2 AND status = 'waiting'
        AND error_code = 'E_NOT_MAPPED'
      RETURNING 1`,
    [orgId, connectionId],
  );
  return rows.length;
}
