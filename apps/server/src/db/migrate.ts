import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Database, Queryable, Session } from "./database.ts";

const folder = fileURLToPath(new URL("./migrations/", import.meta.url));
/** Any number that nobody else on the cluster uses: "slot" in ASCII. */
const MIGRATION_LOCK = 0x736c6f74;

/** The names of the migrations that come with this version, in order. */
export async function migrationNames(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
}

/**
 * Brings the database to this version's schema. Each file runs in one transaction together with
 * the note that it ran, so a crash leaves either all of it or nothing.
 * @returns the names of the files that were applied now
 */
export async function migrate(db: Database): Promise<string[]> {
  const names = await migrationNames();
  return db.exclusively(MIGRATION_LOCK, async (session) => {
    const done = await appliedMigrations(session);
    const missing = names.filter((name) => !done.has(name));
    for (const name of missing) {
      await apply(session, name, await readFile(`${folder}${name}`, "utf8"));
    }
    return missing;
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
  await session.query(
    `CREATE TABLE IF NOT EXISTS schema_migration (
       name text PRIMARY KEY,
       applied_at timestamptz NOT NULL DEFAULT now()
     )`,
  );
  const rows = await session.query<{ name: string }>("SELECT name FROM schema_migration");
  return new Set(rows.map((row) => row.name));
}

/** Whether every migration of this version has been applied. */
export async function isMigrated(db: Database): Promise<boolean> {
  const [names, rows] = await Promise.all([
    migrationNames(),
    db.query<{ name: string }>("SELECT name FROM schema_migration"),
  ]);
  const done = new Set(rows.map((row) => row.name));
  return names.every((name) => done.has(name));
}
