import { type Database, system } from "../src/db/database.ts";
import { until } from "./until.ts";

/** Waits until a session of this database waits for a lock: others of the server are other tests'. */
export async function untilOneWaits(db: Database): Promise<void> {
  await until(async () => {
    const rows = await db.transaction(system, (tx) =>
      tx.query(
        `SELECT FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
          WHERE NOT l.granted AND a.datname = current_database()`,
      ),
    );
    return rows.length > 0;
  });
}
