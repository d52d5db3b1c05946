import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, system, tenant } from "../src/db/database.ts";
import { isMigrated } from "../src/db/migrate.ts";
import {
  createTestConnection,
  createTestOrganisation,
  openTestDatabase,
  type TestDatabase,
  testSecretBox,
} from "./test-database.ts";

describe("a test database", () => {
  let opened: TestDatabase;
  let db: Database;
  beforeAll(async () => {
    opened = await openTestDatabase();
    db = opened.db;
  });
  afterAll(() => opened.close());

  test("is migrated and empty", async () => {
    expect(await isMigrated(db)).toBe(true);
    const rows = await db.transaction(system, (tx) => tx.query("SELECT FROM organisation"));
    expect(rows).toHaveLength(0);
  });

  test("shares nothing with another one", async () => {
    const other = await openTestDatabase();
    try {
      await createTestOrganisation(other.db);
      const rows = await db.transaction(system, (tx) => tx.query("SELECT FROM organisation"));
      expect(rows).toHaveLength(0);
    } finally {
      await other.close();
    }
  });

  test("is as empty as the first one when another was closed before it", async () => {
    const first = await openTestDatabase();
    const { orgId } = await createTestOrganisation(first.db);
    await createTestConnection(first.db, orgId);
    await first.close();
    await expect(first.db.transaction(system, (tx) => tx.query("SELECT"))).rejects.toThrow();
    const second = await openTestDatabase();
    try {
      const tables = await second.db.query<{ name: string }>(
        "SELECT relname AS name FROM pg_stat_user_tables WHERE relname <> 'schema_migration'",
      );
      for (const { name } of tables)
        expect(await second.db.query(`SELECT FROM ${name}`), name).toEqual([]);
      await createTestOrganisation(second.db);
    } finally {
      await second.close();
    }
  });

  test("takes organisations and connections", async () => {
    const { orgId } = await createTestOrganisation(db, { timeZone: "Asia/Tokyo" });
    const { connectionId } = await createTestConnection(db, orgId, { secret: "s" });
    const rows = await db.transaction(tenant(orgId), (tx) =>
      tx.query<{ id: string; secret_sealed: Uint8Array; time_zone: string }>(
        `SELECT c.id, c.secret_sealed, o.time_zone
           FROM connection c JOIN organisation o ON o.id = c.org_id`,
      ),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ id: connectionId, time_zone: "Asia/Tokyo" });
    expect(testSecretBox.open(rows[0]?.secret_sealed ?? Buffer.of())).toBe("s");
  });
});
