import { createHash, randomBytes, randomUUID } from "node:crypto";
import { openAsBlob } from "node:fs";
import { inject } from "vitest";
import { type Database, system, tenant } from "../src/db/database.ts";
import { openPGlite } from "../src/db/pglite.ts";
import { openPostgres } from "../src/db/postgres.ts";
import { createSecretBox } from "../src/db/secret-box.ts";
import { type DatabaseTemplate, databaseUrl, onServer } from "./database-template.ts";

export interface TestDatabase {
  readonly db: Database;
  /** Connection string of this very database; null on the embedded engine. */
  readonly url: string | null;
  /** Call it in `afterAll`: closes the database and removes it. */
  readonly close: () => Promise<void>;
}

export const testMasterKey = createHash("sha256").update("slotwire tests").digest();

/** The box that `createTestConnection` seals with: the same in every test. */
export const testSecretBox = createSecretBox(testMasterKey);

/**
 * Opens a database of the caller's own, migrated and empty, on the engine that
 * `SLOTWIRE_TEST_ENGINE` names (`pglite` unless set; `postgres` on the server of
 * `SLOTWIRE_TEST_POSTGRES_URL`). It takes up to a second: one per test file is enough, as every test
 * can have an organisation of its own.
 */
export async function openTestDatabase(poolSize = 10): Promise<TestDatabase> {
  const template = inject("databaseTemplate");
  return template.engine === "pglite" ? openCopyOfDump(template) : openCopyOf(template, poolSize);
}

type TemplateOf<Engine> = Extract<DatabaseTemplate, { engine: Engine }>;

/** An embedded database that was closed: emptied, it is as good as a new one, and much sooner. */
let closed: Database | null = null;

async function openCopyOfDump(template: TemplateOf<"pglite">): Promise<TestDatabase> {
  const reused = closed;
  closed = null;
  if (reused !== null) await empty(reused);
  const whole = reused ?? (await openPGlite("memory", await openAsBlob(template.dumpFile)));
  let isOpen = true;
  const whileOpen = (): Database => {
    if (!isOpen) throw new Error("the test database is closed");
    return whole;
  };
  const db: Database = {
    engine: whole.engine,
    query: async (...args) => whileOpen().query(...args),
    transaction: async (...args) => whileOpen().transaction(...args),
    script: async (...args) => whileOpen().script(...args),
    exclusively: async (...args) => whileOpen().exclusively(...args),
    close: () => Promise.resolve(),
  };
  const close = (): Promise<void> => {
    isOpen = false;
    closed = whole;
    return Promise.resolve();
  };
  return { db, url: null, close };
}

/** Migrations make rows only for organisations, of which the template has none. */
async function empty(db: Database): Promise<void> {
  await db.script(
    `DO $$ BEGIN
       SET LOCAL session_replication_role = replica;
       EXECUTE (
         SELECT 'TRUNCATE ' || string_agg(quote_ident(relname), ', ') || ' RESTART IDENTITY'
           FROM pg_class
          WHERE relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'schema_migration'
            AND relnamespace = 'public'::regnamespace);
     END $$`,
  );
}

async function openCopyOf(
  template: TemplateOf<"postgres">,
  poolSize: number,
): Promise<TestDatabase> {
  const name = `${template.database}_${randomBytes(4).toString("hex")}`;
  await onServer(template.url, `CREATE DATABASE ${name} TEMPLATE ${template.database}`);
  const url = databaseUrl(template.url, name);
  const db = openPostgres(url, poolSize);
  const close = async (): Promise<void> => {
    await db.close();
    await onServer(template.url, `DROP DATABASE ${name} WITH (FORCE)`);
  };
  return { db, url, close };
}

/** Creates an organisation with nothing in it. Zone: IANA name, `Europe/Stockholm` unless given. */
export async function createTestOrganisation(
  db: Database,
  options: { readonly timeZone?: string } = {},
): Promise<{ orgId: string; slug: string }> {
  const orgId = randomUUID();
  const slug = `org-${orgId}`;
  await db.transaction(system, (tx) =>
    tx.kysely
      .insertInto("organisation")
      .values({
        id: orgId,
        slug,
        name: "Test organisation",
        time_zone: options.timeZone ?? "Europe/Stockholm",
      })
      .execute(),
  );
  return { orgId, slug };
}

/**
 * Creates an active connection, Cal.com's unless another kind is given.
 * @returns its id, and the secret that its messages are signed with (null when it takes unsigned
 *   messages; a fixed one unless given)
 */
export async function createTestConnection(
  db: Database,
  orgId: string,
  options: { readonly kind?: string; readonly secret?: string | null } = {},
): Promise<{ connectionId: string; secret: string | null }> {
  const connectionId = randomUUID();
  const kind = options.kind ?? "calcom";
  const secret = options.secret === undefined ? "a secret of the tests" : options.secret;
  await db.transaction(tenant(orgId), (tx) =>
    tx.kysely
      .insertInto("connection")
      .values({
        org_id: orgId,
        id: connectionId,
        kind,
        name: `Test ${kind}`,
        origin: "user",
        secret_sealed: secret === null ? null : testSecretBox.seal(secret),
      })
      .execute(),
  );
  return { connectionId, secret };
}
