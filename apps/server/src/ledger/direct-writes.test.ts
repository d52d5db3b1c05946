import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LedgerFixture, ledgerFixture } from "../../test/ledger-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import { tenant } from "../db/database.ts";
import { readEvents } from "./read-events.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());

const sql = (fixture: LedgerFixture, text: string, values: unknown[] = []) =>
  test.db.transaction(tenant(fixture.orgId), (tx) => tx.query(text, values));

async function eventsOf(fixture: LedgerFixture) {
  const events = await readEvents(test.db, fixture.orgId, 0, 100);
  return events.map(({ seq, type, booking_version, changed_fields, actor }) => ({
    seq,
    type,
    booking_version,
    changed_fields,
    actor: actor.kind,
  }));
}

describe("somebody else's SQL", () => {
  it("gets one event for an update, and the ledger goes on from there", async () => {
    const fixture = await ledgerFixture(test.db);
    await fixture.record(fixture.change("a"));
    await sql(fixture, "UPDATE booking SET status = 'cancelled', title = 'Off'");
    const changed = await fixture.record(
      fixture.change("a", { occurredAt: "2026-03-09T00:00:00.000Z", kind: "updated" }),
    );
    expect(changed.version).toBe(3);
    expect(await eventsOf(fixture)).toEqual([
      {
        seq: 1,
        type: "booking.created",
        booking_version: 1,
        changed_fields: [],
        actor: "connection",
      },
      {
        seq: 2,
        type: "booking.cancelled",
        booking_version: 2,
        changed_fields: ["status", "title"],
        actor: "system",
      },
      expect.objectContaining({ seq: 3, booking_version: 3, actor: "connection" }),
    ]);
  });

  it("gets none for an update that changes nothing", async () => {
    const fixture = await ledgerFixture(test.db);
    await fixture.record(fixture.change("a"));
    await sql(fixture, "UPDATE booking SET title = title, updated_at = now()");
    expect(await eventsOf(fixture)).toHaveLength(1);
  });

  it("gets one when it counts the version up itself", async () => {
    const fixture = await ledgerFixture(test.db);
    await fixture.record(fixture.change("a"));
    await sql(fixture, "UPDATE booking SET title = 'Mine', version = version + 1");
    expect((await eventsOf(fixture)).map((event) => event.type)).toEqual([
      "booking.created",
      "booking.updated",
    ]);
  });

  it("gets one per statement, also within one transaction", async () => {
    const fixture = await ledgerFixture(test.db);
    await fixture.record(fixture.change("a"));
    await test.db.transaction(tenant(fixture.orgId), async (tx) => {
      await tx.query("UPDATE booking SET title = 'One'");
      await tx.query(
        "UPDATE booking SET starts_at = starts_at + interval '1 hour', ends_at = ends_at + interval '1 hour'",
      );
    });
    expect((await eventsOf(fixture)).map((event) => event.type)).toEqual([
      "booking.created",
      "booking.updated",
      "booking.rescheduled",
    ]);
  });

  it("creates a numbered booking with its event by an insert", async () => {
    const fixture = await ledgerFixture(test.db);
    await sql(
      fixture,
      "INSERT INTO booking (org_id, starts_at, ends_at, title) VALUES ($1, now(), now() + interval '1 hour', 'By hand')",
      [fixture.orgId],
    );
    const [event] = await readEvents(test.db, fixture.orgId, 0, 10);
    expect(event).toMatchObject({
      type: "booking.created",
      booking_version: 1,
      booking_number: 1001,
      data: { booking: { title: "By hand", version: 1 } },
    });
  });

  it("marks as deleted what it deletes, once, and keeps its history", async () => {
    const fixture = await ledgerFixture(test.db);
    await fixture.record(fixture.change("a"));
    await sql(fixture, "DELETE FROM booking");
    await sql(fixture, "DELETE FROM booking");
    expect((await eventsOf(fixture)).map((event) => event.type)).toEqual([
      "booking.created",
      "booking.deleted",
    ]);
  });

  it("leaves nothing behind when its transaction is rolled back", async () => {
    const fixture = await ledgerFixture(test.db);
    await fixture.record(fixture.change("a"));
    await expect(
      test.db.transaction(tenant(fixture.orgId), async (tx) => {
        await tx.query("UPDATE booking SET status = 'cancelled'");
        throw new Error("changed my mind");
      }),
    ).rejects.toThrow("changed my mind");
    const next = await fixture.record(fixture.change("b"));
    expect(next.seq).toBe(2);
    expect((await eventsOf(fixture)).map((event) => event.seq)).toEqual([1, 2]);
  });

  it("cannot rewrite the log", async () => {
    const fixture = await ledgerFixture(test.db);
    await fixture.record(fixture.change("a"));
    await expect(sql(fixture, "UPDATE booking_event SET seq = 99")).rejects.toThrow(/permission/);
    await expect(sql(fixture, "DELETE FROM booking_event")).rejects.toThrow(/permission/);
  });
});
