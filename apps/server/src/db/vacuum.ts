import type { Database } from "./database.ts";

/**
 * Tables whose rows changed enough since they were last vacuumed or analysed, by the rules of
 * PostgreSQL's own autovacuum and its default thresholds
 * (https://www.postgresql.org/docs/15/routine-vacuuming.html#AUTOVACUUM).
 */
const dueTables = `
  SELECT relname AS name
    FROM pg_stat_user_tables
   WHERE schemaname = 'public'
     AND (n_dead_tup > 50 + 0.2 * n_live_tup
       OR n_ins_since_vacuum > 1000 + 0.2 * n_live_tup
       OR n_mod_since_analyze > 50 + 0.1 * n_live_tup)
   ORDER BY n_dead_tup DESC`;

/**
 * Vacuums and analyses the tables that need it, one by one, so that others get their turn in
 * between. For the embedded database only, where autovacuum never runs; PostgreSQL has its own.
 * @returns the names of the tables that were vacuumed
 */
export async function vacuum(db: Database): Promise<string[]> {
  // The only session hands its counts over when it is idle for a while: not under load.
  await db.query("SELECT pg_stat_force_next_flush()");
  const tables = await db.query<{ name: string }>(dueTables);
  for (const { name } of tables) await db.script(`VACUUM (ANALYZE) "${name}"`);
  return tables.map((table) => table.name);
}
