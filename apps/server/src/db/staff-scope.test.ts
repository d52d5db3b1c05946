import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LedgerFixture, ledgerFixture } from "../../test/ledger-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import { visit } from "../../test/booking-change.ts";
import type { Attendee } from "../domain/booking.ts";
import { type Database, type Queryable, tenant } from "./database.ts";

const tables = [
  "booking",
  "booking_attendee",
  "booking_event",
  "booking_external_ref",
  "booking_subject",
  "customer",
  "customer_identity",
  "delivery",
  "delivery_attempt",
  "inbound_message",
  "subject",
] as const;

let opened: TestDatabase;
let db: Database;
let fixture: LedgerFixture;
beforeAll(async () => {
  // One connection: whatever a transaction leaves behind on it, the next one finds.
  opened = await openTestDatabase(1);
  db = opened.db;
});
afterAll(() => opened.close());

/** Somebody of their own for each booking. */
const customerOf = (uid: string): Attendee => ({
  name: "Jan",
  email: `${uid}@example.com`,
  phone: null,
  status: "accepted",
  seatRef: null,
});
const anna = { name: "Anna", email: "Anna@Salon.example" };
const bo = { name: "Bo", email: "bo@salon.example" };

const seenBy = <Result>(
  providerEmail: string | null,
  work: (tx: Queryable) => Promise<Result>,
): Promise<Result> => db.transaction(tenant(fixture.orgId, { providerEmail }), work);

async function countsFor(providerEmail: string | null): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const [row] = await seenBy(providerEmail, (tx) =>
      tx.query<{ rows: number }>(`SELECT count(*) AS rows FROM ${table}`),
    );
    counts[table] = row?.rows ?? 0;
  }
  return counts;
}

describe("a scope that is narrowed to one provider", () => {
  beforeAll(async () => {
    fixture = await ledgerFixture(db);
    const record = (uid: string, provider: typeof anna | null, message: string) =>
      fixture.record(
        fixture.change(uid, { fields: { ...visit, provider, attendees: [customerOf(uid)] } }),
        fixture.message(message),
      );
    await record("annas", anna, "one");
    await record("bos", bo, "two");
    await record("nobodys", null, "three");
    await db.transaction(tenant(fixture.orgId), async (tx) => {
      await tx.query("UPDATE booking SET title = 'by hand' WHERE provider_email = $1", [bo.email]);
      await tx.query(
        "INSERT INTO subject (org_id, customer_id, name) SELECT org_id, id, 'Rex' FROM customer",
      );
      await tx.query(
        `INSERT INTO booking_subject (org_id, booking_id, subject_id)
         SELECT b.org_id, b.id, s.id FROM booking b JOIN subject s USING (org_id, customer_id)`,
      );
    });
  });

  const none = Object.fromEntries(tables.map((table) => [table, 0]));

  test("sees that provider's rows alone, whatever the query forgets", async () => {
    expect(await countsFor("anna@salon.example")).toEqual({
      ...none,
      booking: 1,
      booking_attendee: 1,
      booking_event: 1,
      booking_external_ref: 1,
      booking_subject: 1,
      customer: 1,
      customer_identity: 1,
      subject: 1,
      inbound_message: 1,
    });
    expect(await countsFor(bo.email)).toMatchObject({ booking: 1, booking_event: 2 });
  });

  test("sees nothing for a provider without bookings, without an address, and for a quote", async () => {
    for (const email of ["cora@salon.example", "", null, "'; RESET ROLE; --"]) {
      expect(await countsFor(email), String(email)).toEqual(none);
    }
  });

  test("reads each booking with its attendees and ids", async () => {
    const rows = await seenBy("anna@salon.example", (tx) =>
      tx.query<{ booking: unknown }>("SELECT booking_resource(b) AS booking FROM booking b"),
    );
    expect(rows).toEqual([
      {
        booking: expect.objectContaining({
          attendees: [expect.objectContaining({ name: "Jan" })],
          external_refs: [expect.objectContaining({ external_id: "annas" })],
        }),
      },
    ]);
  });

  test("changes nobody else's rows, and gives none away", async () => {
    const changed = await seenBy("anna@salon.example", (tx) =>
      tx.query("UPDATE booking SET title = 'mine' WHERE provider_email = $1 RETURNING 1", [
        bo.email,
      ]),
    );
    expect(changed).toEqual([]);
    const given = seenBy("anna@salon.example", (tx) =>
      tx.query("UPDATE booking SET provider_email = $1", [bo.email]),
    );
    await expect(given).rejects.toMatchObject({ code: "42501" });
  });

  test("is not left on its connection", async () => {
    await seenBy("anna@salon.example", (tx) => tx.query("SELECT 1"));
    const whole = await db.transaction(tenant(fixture.orgId), (tx) =>
      tx.query<{ provider: string | null }>("SELECT app_provider() AS provider FROM booking"),
    );
    expect(whole).toEqual([{ provider: null }, { provider: null }, { provider: null }]);
  });

  test("has an event by which a booking left, and the whole of one that came", async () => {
    fixture = await ledgerFixture(db);
    const change = (provider: typeof anna) =>
      fixture.change("moved", {
        kind: "updated",
        occurredAt: new Date().toISOString(),
        fields: { ...visit, provider },
      });
    await fixture.record(change(anna));
    await fixture.record(change(bo));
    await fixture.record(
      fixture.change("moved", {
        kind: "updated",
        occurredAt: new Date().toISOString(),
        fields: { title: "Later" },
      }),
    );
    const seqs = async (email: string): Promise<number[]> => {
      const rows = await seenBy(email, (tx) =>
        tx.query<{ seq: number }>("SELECT seq FROM booking_event ORDER BY seq"),
      );
      return rows.map(({ seq }) => seq);
    };
    expect(await seqs("anna@salon.example")).toEqual([1, 2]);
    expect(await seqs(bo.email)).toEqual([1, 2, 3]);
    expect((await countsFor("anna@salon.example"))["booking"]).toBe(0);
  });
});
