import { type Database, system } from "../db/database.ts";

/**
 * Ends every lease, so that what a killed process was at work on is due at once and not when its
 * lease runs out. Only for somebody who is alone with the database, as whoever holds the lock of
 * an embedded one is; elsewhere another node may be at work under those leases.
 */
export async function endLeases(db: Database): Promise<void> {
  await db.transaction(system, async (tx) => {
    // Still `sending`: the next claim counts that the lease was lost.
    await tx.query(
      `UPDATE delivery SET next_attempt_at = now(), lease_until = NULL, lease_token = NULL
        WHERE status = 'sending'`,
    );
    for (const table of [
      "inbound_message",
      "command",
      "message_ask",
      "reconcile_run",
      "reprocess_job",
      "schedule",
    ]) {
      await tx.query(
        `UPDATE ${table} SET lease_until = NULL, lease_token = NULL WHERE lease_until IS NOT NULL`,
      );
    }
  });
}
