import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { migrate } from "../src/db/migrate.ts";
import { openPGlite } from "../src/db/pglite.ts";
import { openPostgres } from "../src/db/postgres.ts";

/** A migrated, empty database that every test file starts from a copy of. */
export type DatabaseTemplate =
  | {
      readonly engine: "pglite";
      readonly dumpFile: string;
      /** The same as files: a hub's data folder. */
      readonly home: string;
    }
  | { readonly engine: "postgres"; readonly url: string; readonly database: string };

declare module "vitest" {
  interface ProvidedContext {
    databaseTemplate: DatabaseTemplate;
  }
}

const unpack = promisify(execFile);

/** Vitest's global set-up: makes the template once per run, and removes it at the end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const engine = process.env["SLOTWIRE_TEST_ENGINE"] ?? "pglite";
  if (engine === "pglite") return provideDump(project);
  if (engine === "postgres") return provideDatabase(project);
  throw new TypeError(`SLOTWIRE_TEST_ENGINE is "${engine}": it must be pglite or postgres`);
}

async function provideDump(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "slotwire-template-"));
  const dumpFile = join(folder, "database.tar");
  const db = await openPGlite("memory");
  try {
    await migrate(db);
    await writeFile(dumpFile, (await db.dump()).stream());
  } finally {
    await db.close();
  }
  const home = join(folder, "home");
  await mkdir(join(home, "database"), { recursive: true });
  await unpack("tar", ["-xf", dumpFile, "-C", join(home, "database")]);
  project.provide("databaseTemplate", { engine: "pglite", dumpFile, home });
  return () => rm(folder, { recursive: true, force: true });
}

async function provideDatabase(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env["SLOTWIRE_TEST_POSTGRES_URL"];
  if (url === undefined) throw new TypeError("SLOTWIRE_TEST_POSTGRES_URL is not set");
  const database = `slotwire_template_${randomBytes(4).toString("hex")}`;
  await onServer(url, `CREATE DATABASE ${database}`);
  const db = openPostgres(databaseUrl(url, database), 1);
  try {
    await migrate(db);
  } finally {
    await db.close();
  }
  project.provide("databaseTemplate", { engine: "postgres", url, database });
  return () => onServer(url, `DROP DATABASE ${database}`);
}

/** The address of another database on the same server. */
export function databaseUrl(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}

/** Runs one statement on the server's own database, on a connection of its own. */
export async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
