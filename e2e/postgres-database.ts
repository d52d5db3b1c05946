import { randomBytes } from "node:crypto";
import { databaseUrl, onServer } from "../apps/server/test/database-template.ts";

/** The PostgreSQL server for tests: what needs one runs where there is one. */
export const postgresServer = process.env["SLOTWIRE_TEST_POSTGRES_URL"];

/** A database of a test's own. */
export interface PostgresDatabase {
  readonly url: string;
  /** Removes it, whoever is connected. */
  readonly remove: () => Promise<void>;
}

/** Makes an empty database on the server for tests. */
export async function createPostgresDatabase(): Promise<PostgresDatabase> {
  const server = postgresServer;
  if (server === undefined) throw new Error("SLOTWIRE_TEST_POSTGRES_URL is not set.");
  const name = `slotwire_e2e_${randomBytes(4).toString("hex")}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  return {
    url: databaseUrl(server, name),
    remove: () => onServer(server, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}
