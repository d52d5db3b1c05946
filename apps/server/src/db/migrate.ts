import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SlotwireError } from "../errors.ts";
import type { Database, Queryable, Session } from "./database.ts";

const folder = fileURLToPath(new URL("./migrations/", import.meta.url));
/** Any number that nobody else on the cluster uses: "slot" in ASCII. */
const MIGRATION_LOCK = 0x736c6f74;

/** The names of the migrations that come with this version, in order. */
export async function migrationNames(from = folder): Promise<string[]> {
  return (await readdir(from)).filter((name) => name.endsWith(".sql")).toSorted();
}

/**
 * Brings the database to this version's schema. Each file runs in one transaction together with
 * the note that it ran, so a crash leaves either all of it or nothing. Processes that start
 * together wait for the first one.
 * @param from the folder of the migrations; this version's own unless given
 * @returns the names of the files that were applied now
 * @throws SlotwireError E_SCHEMA_NEWER when a version has migrated it that had more migrations
 */
export async function migrate(db: Database, from = folder): Promise<string[]> {
  const names = await migrationNames(from);
  return db.exclusively(MIGRATION_LOCK, async (session) => {
    await session.script(
      `CREATE TABLE IF NOT EXISTS schema_migration (
         name text PRIMARY KEY,
         applied_at timestamptz NOT NULL DEFAULT now()
       )`,
    );
    const done = await appliedMigrations(session);
    refuseUnknown([...done].filter((name) => !names.includes(name)));
    const missing = names.filter((name) => !done.has(name));
    for (const name of missing) {
      await apply(session, name, await readFile(join(from, name), "utf8"));
    }
    return missing;
  });
}

function refuseUnknown(names: readonly string[]): void {
  if (names.length === 0) return;
  throw new SlotwireError("E_SCHEMA_NEWER", {
    detail: `The database has migrations that this version does not know: ${names.join(", ")}`,
  });
}

async function apply(session: Session, name: string, sql: string): Promise<void> {
  try {
    await session.script(
      `BEGIN;\n${sql}\n;INSERT INTO schema_migration (name) VALUES ('${name}');\nCOMMIT;`,
    );
  } catch (error) {
    // The script stops at its error and leaves the failed transaction open.
    await session.script("ROLLBACK");
    throw error;
  }
}

async function appliedMigrations(session: Queryable): Promise<Set<string>> {
  const rows = await session.query<{ name: string }>("SELECT name FROM schema_migration");
  return new Set(rows.map((row) => row.name));
}

/** Whether every migration of this version has been applied. */
export async function isMigrated(db: Database): Promise<boolean> {
  const names = await migrationNames();
  const found = await db.query("SELECT WHERE to_regclass('schema_migration') IS NOT NULL");
  if (found.length === 0) return false;
  const done = await appliedMigrations(db);
  return names.every((name) => done.has(name));
}
