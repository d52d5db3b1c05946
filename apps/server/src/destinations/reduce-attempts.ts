import type { Clock } from "../clock.ts";
import { type Database, system, tenant } from "../db/database.ts";

const BATCH = 500;

/**
 * Empties what attempts sent and were answered, once it is older than the organisation keeps the
 * messages of its sources: when it was tried, the status and how long it took stay. What is still
 * open keeps all of it.
 * @returns how many were emptied
 */
export async function reduceAttempts({
  db,
  clock,
}: {
  readonly db: Database;
  readonly clock: Clock;
}): Promise<number> {
  const organisations = await db.transaction(system, (tx) =>
    tx.query<{ id: string; days: number }>("SELECT id, raw_message_days AS days FROM organisation"),
  );
  let reduced = 0;
  for (const { id, days } of organisations) {
    const before = new Date(clock.now().getTime() - days * 24 * 60 * 60 * 1000);
    let batch: number;
    do {
      batch = await reduceBatch(db, id, before);
      reduced += batch;
    } while (batch === BATCH);
  }
  return reduced;
}

async function reduceBatch(db: Database, orgId: string, before: Date): Promise<number> {
  const rows = await db.transaction(tenant(orgId), (tx) =>
    tx.query(
      `UPDATE delivery_attempt
          SET request_headers = NULL, request_body = NULL, response_headers = NULL,
              response_body = NULL
        WHERE ctid = ANY (ARRAY(
          SELECT a.ctid FROM delivery_attempt a
            JOIN delivery d ON d.org_id = a.org_id AND d.id = a.delivery_id
           WHERE a.org_id = $1 AND a.at < $2 AND d.next_attempt_at IS NULL
             AND num_nonnulls(a.request_headers, a.response_body) > 0
           ORDER BY a.at LIMIT ${BATCH}))
       RETURNING 1`,
      [orgId, before],
    ),
  );
  return rows.length;
}
