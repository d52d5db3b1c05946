import { createLocalWake } from "./local-wake.ts";
import { PostgresWake, type PostgresWakeOptions } from "./postgres-wake.ts";
import type { Wake } from "./wake.ts";

/**
 * The wake that fits the database: with PostgreSQL it reaches the other nodes; on the embedded
 * database there are none.
 * @param databaseUrl connection string of PostgreSQL; null for the embedded database
 */
export function openWake(databaseUrl: string | null, options: PostgresWakeOptions = {}): Wake {
  return databaseUrl === null ? createLocalWake() : new PostgresWake(databaseUrl, options);
}
