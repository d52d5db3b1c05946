import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findViolations, sharedTables, tenantTables } from "../../test/catalogue-rules.ts";
import { type LedgerFixture, ledgerFixture } from "../../test/ledger-fixture.ts";
import { openTestDatabase, type TestDatabase, testSecretBox } from "../../test/test-database.ts";
import { type Database, type Queryable, system, tenant } from "./database.ts";

let opened: TestDatabase;
let db: Database;

beforeAll(async () => {
  // One connection: whatever a transaction leaves behind on it, the next one finds.
  opened = await openTestDatabase(1);
  db = opened.db;
});
afterAll(() => opened.close());

describe("the catalogue", () => {
  test("has no table, key, view, function or role that breaks the rules of tenancy", async () => {
    expect(await findViolations(db)).toEqual([]);
  });

  test("has tenant tables and the listed shared tables", async () => {
    expect(await tenantTables(db)).toEqual(
      expect.arrayContaining(["booking", "booking_event", "delivery", "membership"]),
    );
    const names = Object.keys(sharedTables);
    const rows = await db.query("SELECT FROM pg_tables WHERE tablename = ANY ($1)", [names]);
    expect(rows).toHaveLength(names.length);
  });

  /** Runs `sql` in a transaction that is undone, and says what it broke. */
  async function violationsAfter(sql: string): Promise<string[]> {
    return db.exclusively(1, async (session) => {
      await session.script(`BEGIN; ${sql}`);
      try {
        return await findViolations(session);
      } finally {
        await session.script("ROLLBACK");
      }
    });
  }

  const good = "org_id uuid NOT NULL REFERENCES organisation, id uuid, PRIMARY KEY (org_id, id)";
  const definer = `CREATE FUNCTION act() RETURNS int LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS 'BEGIN RETURN 1; END';`;
  const ownedBySystem = `${definer} GRANT CREATE ON SCHEMA public TO slotwire_system;
    ALTER FUNCTION act OWNER TO slotwire_system; REVOKE EXECUTE ON FUNCTION act FROM PUBLIC;`;

  test("is not complained about for a table that keeps the rules", async () => {
    const sql = `CREATE TABLE t (${good}); SELECT protect_tenant_table('t'); ${ownedBySystem}`;
    expect(await violationsAfter(sql)).toEqual([]);
  });

  test.each([
    ["a table of nobody", "CREATE TABLE t (id int PRIMARY KEY)", "t has no org_id"],
    ["a tenant table without policies", `CREATE TABLE t (${good})`, "t has no tenant policy"],
    [
      "row-level security that the owner escapes",
      "ALTER TABLE booking NO FORCE ROW LEVEL SECURITY",
      "booking does not force",
    ],
    ["no row-level security", "ALTER TABLE booking DISABLE ROW LEVEL SECURITY", "booking does not"],
    [
      "an organisation that may be missing",
      "CREATE TABLE t (org_id uuid, id uuid PRIMARY KEY)",
      "t.org_id may be null",
    ],
    [
      "a primary key of the id alone",
      "CREATE TABLE t (org_id uuid NOT NULL, id uuid PRIMARY KEY)",
      "unique key t_pkey does not start with org_id",
    ],
    [
      "a unique key over all organisations",
      "CREATE UNIQUE INDEX uid ON booking_external_ref (external_id)",
      "unique key uid does not start with org_id",
    ],
    [
      "a foreign key without org_id",
      `CREATE UNIQUE INDEX one ON booking (id);
       ALTER TABLE delivery ADD CONSTRAINT loose FOREIGN KEY (booking_id) REFERENCES booking (id)`,
      "foreign key loose of delivery does not carry org_id",
    ],
    [
      "a foreign key that clears org_id",
      `ALTER TABLE booking ADD CONSTRAINT clears FOREIGN KEY (org_id, owner_connection_id)
         REFERENCES connection (org_id, id) ON DELETE SET NULL`,
      "foreign key clears of booking clears org_id",
    ],
    [
      "a second policy that opens a table",
      "CREATE POLICY open ON booking FOR SELECT TO slotwire_app USING (true)",
      "policy open on booking opens it",
    ],
    [
      "a policy for everybody",
      "CREATE POLICY open ON session USING (true)",
      "policy open on session",
    ],
    [
      "a shared table that tenants may read",
      "GRANT SELECT (user_id) ON session TO slotwire_app",
      "session is open to slotwire_app",
    ],
    ["a view with its owner's rights", "CREATE VIEW v AS SELECT FROM booking", "view v runs as"],
    [
      "a materialised view",
      "CREATE MATERIALIZED VIEW m AS SELECT 1 AS x; GRANT SELECT ON m TO slotwire_app",
      "m is open to slotwire_app",
    ],
    ["a function with the migrator's rights", definer, "function act() runs as"],
    [
      "a function that follows the caller's search_path",
      `${ownedBySystem} ALTER FUNCTION act RESET search_path`,
      "function act() has no search_path",
    ],
    [
      "a system function for everybody",
      `${ownedBySystem} GRANT EXECUTE ON FUNCTION act TO PUBLIC`,
      "function act() runs as its owner for everybody",
    ],
    [
      "a system function for tenants",
      `${ownedBySystem} GRANT EXECUTE ON FUNCTION act TO slotwire_app`,
      "function act() lets slotwire_app act as slotwire_system",
    ],
    [
      "a table of bookings that staff see all of",
      `CREATE TABLE t (${good}, booking_id uuid); SELECT protect_tenant_table('t')`,
      "t is not narrowed for staff",
    ],
    [
      "a role that bypasses it all",
      "ALTER ROLE slotwire_app BYPASSRLS",
      "role slotwire_app can get around",
    ],
  ])("is complained about for %s", async (_name, sql, violation) => {
    expect(await violationsAfter(sql)).toEqual(
      expect.arrayContaining([expect.stringContaining(violation)]),
    );
  });
});

describe("a tenant's transaction", () => {
  let here: LedgerFixture;
  let there: LedgerFixture;
  let bookingThere: string;
  let tables: string[];
  beforeAll(async () => {
    here = await organisationWithRows();
    there = await organisationWithRows();
    const [row] = await db.transaction(tenant(there.orgId), (tx) =>
      tx.query<{ id: string }>("SELECT id FROM booking"),
    );
    bookingThere = row?.id ?? "";
    tables = await tenantTables(db);
  });

  async function organisationWithRows(): Promise<LedgerFixture> {
    const fixture = await ledgerFixture(db);
    const { orgId } = fixture;
    await db.transaction(tenant(orgId), (tx) =>
      tx.kysely
        .insertInto("destination")
        .values({
          org_id: orgId,
          id: randomUUID(),
          name: "Receiver",
          url: "https://receiver.example",
          profile: "standard",
          event_types: ["*"],
          payload_mode: "full",
          ordering: "per_booking",
          origin: "user",
          secret_sealed: testSecretBox.seal("s"),
        })
        .execute(),
    );
    await fixture.record(fixture.change("uid-1"), fixture.message(orgId));
    return fixture;
  }

  const inTenant = <Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result> =>
    db.transaction(tenant(here.orgId), work);

  test("sees its own rows and nobody else's, in every table", async () => {
    const seen: string[] = [];
    for (const table of tables) {
      const count = "SELECT org_id, count(*) AS rows FROM";
      const rows = await inTenant((tx) =>
        tx.query<{ org_id: string }>(`${count} ${table} GROUP BY org_id`),
      );
      if (rows.length > 0) seen.push(table);
      expect(
        rows.filter((row) => row.org_id !== here.orgId),
        table,
      ).toEqual([]);
    }
    // The rows are there: the test would see them.
    expect(seen).toEqual(
      expect.arrayContaining([
        "booking",
        "booking_attendee",
        "booking_event",
        "booking_external_ref",
        "connection",
        "delivery",
        "destination",
        "inbound_message",
        "org_counter",
      ]),
    );
    const organisations = await inTenant((tx) => tx.query("SELECT id FROM organisation"));
    expect(organisations).toEqual([{ id: here.orgId }]);
  });

  test("cannot insert into another organisation, in any table", async () => {
    for (const table of tables) {
      const inserted = inTenant((tx) =>
        tx.query(`INSERT INTO ${table} (org_id) VALUES ($1)`, [there.orgId]),
      );
      await expect(inserted, table).rejects.toMatchObject({ code: "42501" });
    }
  });

  test("cannot change, move or delete rows of another organisation", async () => {
    const changed = await inTenant((tx) =>
      tx.query("UPDATE connection SET name = 'stolen' WHERE org_id = $1 RETURNING 1", [
        there.orgId,
      ]),
    );
    expect(changed).toEqual([]);
    const moved = inTenant((tx) => tx.query("UPDATE destination SET org_id = $1", [there.orgId]));
    await expect(moved).rejects.toMatchObject({ code: "42501" });
    await inTenant((tx) => tx.query("DELETE FROM delivery WHERE org_id = $1", [there.orgId]));
    const kept = await db.transaction(tenant(there.orgId), (tx) =>
      tx.query("SELECT FROM delivery"),
    );
    expect(kept).toHaveLength(1);
  });

  test("cannot refer to rows of another organisation", async () => {
    const values = [here.orgId, here.connectionId, bookingThere];
    const referring = inTenant((tx) =>
      tx.query(
        `INSERT INTO booking_external_ref (org_id, connection_id, kind, external_id, booking_id)
           VALUES ($1, $2, 'uid', 'stolen', $3)`,
        values,
      ),
    );
    await expect(referring).rejects.toMatchObject({ code: "23503" });
  });

  test("cannot see people, sessions or schedules, nor rewrite history", async () => {
    for (const table of Object.keys(sharedTables).filter((name) => name !== "organisation")) {
      const read = inTenant((tx) => tx.query(`SELECT FROM ${table}`));
      await expect(read, table).rejects.toMatchObject({ code: "42501" });
    }
    for (const sql of ["UPDATE booking_event SET seq = 9", "DELETE FROM booking_event"]) {
      await expect(inTenant((tx) => tx.query(sql))).rejects.toMatchObject({ code: "42501" });
    }
  });

  test("leaves no scope on its connection, however it ends", async () => {
    const scope = `SELECT current_user = session_user AS as_itself,
                          coalesce(current_setting('app.org_id', true), '') AS org`;
    const none = [{ as_itself: true, org: "" }];
    await inTenant((tx) => tx.query("SELECT 1"));
    expect(await db.query(scope)).toEqual(none);
    await inTenant(() => Promise.reject(new Error("undone"))).catch(() => {});
    expect(await db.query(scope)).toEqual(none);
    await inTenant((tx) => tx.query("SELECT 1/0")).catch(() => {});
    expect(await db.query(scope)).toEqual(none);
    await here.record(here.change("uid-2"));
    expect(await db.query(scope)).toEqual(none);
    const everybody = await db.transaction(system, (tx) => tx.query("SELECT id FROM organisation"));
    expect(everybody.length).toBeGreaterThanOrEqual(2);
  });

  test("is refused for what is no organisation's id", async () => {
    const injected = db.transaction(tenant("'; RESET ROLE; --"), (tx) => tx.query("SELECT 1"));
    await expect(injected).rejects.toThrow(TypeError);
  });
});
