import { randomBytes } from "node:crypto";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { databaseUrl, onServer } from "../../test/database-template.ts";
import { ledgerFixture } from "../../test/ledger-fixture.ts";
import { createTestOrganisation } from "../../test/test-database.ts";
import { type Database, tenant } from "./database.ts";
import { isMigrated, migrate, migrationNames } from "./migrate.ts";
import { openPGlite } from "./pglite.ts";
import { openPostgres } from "./postgres.ts";

const template = inject("databaseTemplate");
const server = template.engine === "postgres" ? template.url : "";
const ours = fileURLToPath(new URL("./migrations/", import.meta.url));

/** What a test made, to be undone in the opposite order. */
const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

/** Creates an empty database. @returns its connection string, "" on the embedded engine */
async function createEmpty(options = ""): Promise<string> {
  if (template.engine === "pglite") return "";
  const name = `slotwire_empty_${randomBytes(4).toString("hex")}`;
  await onServer(server, `CREATE DATABASE ${name} ${options}`);
  undo.push(() => onServer(server, `DROP DATABASE ${name} WITH (FORCE)`));
  return databaseUrl(server, name);
}

async function open(url: string): Promise<Database> {
  const db = url === "" ? await openPGlite("memory") : openPostgres(url, 2);
  undo.push(() => db.close());
  return db;
}

describe("migrating", () => {
  let db: Database;
  let url: string;
  let folder: string;
  beforeEach(async () => {
    url = await createEmpty();
    db = await open(url);
    folder = await mkdtemp(join(tmpdir(), "slotwire-migrations-"));
    undo.push(() => rm(folder, { recursive: true }));
  });

  test("brings an empty database to this version, once", async () => {
    expect(await isMigrated(db)).toBe(false);
    expect(await migrate(db)).toEqual(await migrationNames());
    expect(await isMigrated(db)).toBe(true);
    expect(await migrate(db)).toEqual([]);
  });

  test("is done by one of several processes that start together", async () => {
    const others = url === "" ? [db, db, db] : await Promise.all([url, url, url].map(open));
    const applied = await Promise.all([db, ...others].map((each) => migrate(each)));
    expect(applied.flat()).toEqual(await migrationNames());
    expect(await isMigrated(db)).toBe(true);
  });

  test("leaves nothing of a migration that fails, and goes on where it stopped", async () => {
    await writeFile(join(folder, "0001-good.sql"), "CREATE TABLE good (id int);");
    const bad = join(folder, "0002-bad.sql");
    await writeFile(bad, "CREATE TABLE half (id int); SELECT 1/0; CREATE TABLE other (id int);");
    await expect(migrate(db, folder)).rejects.toMatchObject({ code: "22012" });
    const tables = `SELECT relname FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname`;
    expect(await db.query(tables)).toEqual([{ relname: "good" }, { relname: "schema_migration" }]);
    await writeFile(bad, "CREATE TABLE half (id int);");
    expect(await migrate(db, folder)).toEqual(["0002-bad.sql"]);
  });

  test("refuses a database that a newer version has migrated, and leaves it alone", async () => {
    await cp(ours, folder, { recursive: true });
    await writeFile(join(folder, "9999-newer.sql"), "CREATE TABLE newer (id int);");
    await migrate(db, folder);
    await expect(migrate(db)).rejects.toMatchObject({
      code: "E_SCHEMA_NEWER",
      message: expect.stringContaining("9999-newer.sql"),
    });
  });
});

describe.runIf(template.engine === "postgres")("on a server of one's own", () => {
  test("several databases are migrated at once", async () => {
    const urls = await Promise.all([1, 2, 3, 4].map(() => createEmpty()));
    const databases = await Promise.all(urls.map(open));
    await Promise.all(databases.map((db) => migrate(db)));
    for (const db of databases) expect(await isMigrated(db)).toBe(true);
  });

  test("nobody has to be superuser", async () => {
    const owner = `slotwire_owner_${randomBytes(4).toString("hex")}`;
    await onServer(server, `CREATE ROLE ${owner} LOGIN CREATEROLE PASSWORD 'owner'`);
    undo.push(() => onServer(server, `DROP ROLE ${owner}`));
    const address = new URL(await createEmpty(`OWNER ${owner}`));
    address.username = owner;
    address.password = "owner";
    const db = await open(address.href);
    await migrate(db);

    const { orgId, ...fixture } = await ledgerFixture(db);
    await createTestOrganisation(db);
    const seen = await db.transaction(tenant(orgId), (tx) =>
      tx.query("SELECT id FROM organisation"),
    );
    expect(seen).toEqual([{ id: orgId }]);
    // Both ways of writing a booking, the ledger's and plain SQL.
    await fixture.record(fixture.change("uid-1"), fixture.message("a message"));
    await db.query("UPDATE booking SET title = 'by hand' WHERE org_id = $1", [orgId]);
    const events = await db.transaction(tenant(orgId), (tx) =>
      tx.query("SELECT seq, actor_kind FROM booking_event ORDER BY seq"),
    );
    expect(events).toEqual([
      { seq: 1, actor_kind: "connection" },
      { seq: 2, actor_kind: "system" },
    ]);
    expect(await db.query("SHOW is_superuser")).toEqual([{ is_superuser: "off" }]);
  });
});
