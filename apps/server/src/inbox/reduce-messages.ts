import type { Clock } from "../clock.ts";
import { type Database, system, tenant, type Transaction } from "../db/database.ts";
import { keyPaths } from "../domain/key-paths.ts";
import { parseBody } from "./parse-body.ts";

const BATCH = 200;
/** What has not been dealt with is kept so many times as long. */
const LONGER = 3;
const unsettled = "('received', 'waiting', 'failed')";

/**
 * Empties the bodies of messages that are older than their organisation keeps them: their hash and
 * the names of their fields stay, and so does the row with what became of it. What waits for its
 * booking or could not be processed is kept three times as long; then it has failed for good.
 * @returns how many were emptied
 */
export async function reduceMessages({
  db,
  clock,
}: {
  readonly db: Database;
  readonly clock: Clock;
}): Promise<number> {
  const now = clock.now();
  const organisations = await db.transaction(system, (tx) =>
    tx.query<{ id: string; days: number }>("SELECT id, raw_message_days AS days FROM organisation"),
  );
  let reduced = 0;
  for (const { id, days } of organisations) {
    let batch: number;
    do {
      batch = await db.transaction(tenant(id), (tx) => reduceBatch(tx, id, days, now));
      reduced += batch;
    } while (batch === BATCH);
  }
  return reduced;
}

async function reduceBatch(
  tx: Transaction,
  orgId: string,
  days: number,
  now: Date,
): Promise<number> {
  const rows = await tx.query<{ id: string; body: Uint8Array }>(
    `SELECT id, body FROM inbound_message
      WHERE org_id = $1 AND body_removed_at IS NULL AND received_at < $2
        AND (status NOT IN ${unsettled} OR received_at < $3)
      ORDER BY received_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
    [orgId, daysBefore(now, days), daysBefore(now, days * LONGER)],
  );
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  const keys = rows.map(({ body }) => JSON.stringify(keysOf(body)));
  await tx.query(
    `UPDATE inbound_message m
        SET body = '', body_keys = r.keys::jsonb, body_removed_at = $4,
            headers = coalesce((SELECT jsonb_object_agg(key, value) FROM jsonb_each(m.headers)
                                 WHERE key = 'content-type'), '{}'),
            -- The connector's words name people; what the message did is told from the event.
            summary = CASE WHEN m.status IN ('ignored', 'failed') THEN m.summary
                      ELSE coalesce(m.trigger, '') END,
            status = CASE WHEN m.status IN ('received', 'waiting') THEN 'failed' ELSE m.status END,
            error_code = CASE WHEN m.status IN ('received', 'waiting') THEN 'E_BODY_REMOVED'
                         ELSE m.error_code END,
            error = CASE WHEN m.status IN ('received', 'waiting')
                    THEN 'its body was removed before it could be processed' ELSE m.error END,
            processed_at = coalesce(m.processed_at, $4),
            waiting_for = NULL, next_attempt_at = NULL, lease_until = NULL, lease_token = NULL
       FROM unnest($2::uuid[], $3::text[]) r (id, keys)
      WHERE m.org_id = $1 AND m.id = r.id`,
    [orgId, ids, keys, now],
  );
  // So do its words to people; whoever was told of them has an alert of its own.
  await tx.query(
    `UPDATE message_ask SET ask = ask - 'detail'
      WHERE org_id = $1 AND message_id = ANY($2::uuid[]) AND handled_at IS NOT NULL`,
    [orgId, ids],
  );
  return rows.length;
}

function keysOf(body: Uint8Array): string[] {
  const parsed = parseBody(Buffer.from(body));
  return parsed.ok ? keyPaths(parsed.value) : [];
}

const DAY = 24 * 60 * 60 * 1000;
const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY);
