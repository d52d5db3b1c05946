import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Queryable, system, tenant } from "../src/db/database.ts";
import { keyPaths } from "../src/domain/key-paths.ts";
import type { MessageDraft } from "../src/ledger/message-draft.ts";
import { record } from "../src/ledger/record.ts";
import { sourceChange } from "./booking-change.ts";
import { type DestinationFixture, destinationFixture } from "./destination-fixture.ts";
import { type LedgerFixture, ledgerFixture, nobodyListens } from "./ledger-fixture.ts";
import { createTestOrganisation, openTestDatabase, type TestDatabase } from "./test-database.ts";
import { until } from "./until.ts";

/*
 * The statements as the guides of existing installations print them. They must run as they stand, as
 * the role of an organisation, on tables that they know nothing of.
 */

const lastSynced = `SELECT
  id,
  cal_com_event_id,
  start_time,
  pet_id,
  client_id,
  status,
  synced_at
FROM calendar_events
ORDER BY created_at DESC
LIMIT 10;`;

const byStatus = `SELECT
  status,
  COUNT(*) as count
FROM webhook_logs
GROUP BY status;`;

const successRate = `SELECT
  status,
  COUNT(*) as count,
  ROUND(COUNT(*) * 100.0 / SUM(COUNT(*)) OVER(), 2) as percentage
FROM webhook_logs
WHERE created_at > NOW() - INTERVAL '24 hours'
GROUP BY status;`;

const recentSyncs = `SELECT
  ce.cal_com_event_id,
  ce.start_time,
  ce.status,
  ce.synced_at,
  p.name as pet_name,
  c.name || ' ' || c.surname as client_name
FROM calendar_events ce
LEFT JOIN pets p ON ce.pet_id = p.id
LEFT JOIN clients c ON ce.client_id = c.id
ORDER BY ce.synced_at DESC
LIMIT 10;`;

const failedInbound = `SELECT
  id,
  error_message,
  created_at,
  payload->>'triggerEvent' as event_type
FROM webhook_logs
WHERE status = 'error'
ORDER BY created_at DESC
LIMIT 10;`;

const statistics = "SELECT * FROM webhook_stats;";
const failedOutbound = "SELECT * FROM webhook_logs WHERE status = 'failed';";
const cleanUp = "SELECT cleanup_webhook_logs(30); -- 30 days retention";
const retryFailed = "SELECT retry_failed_webhooks(3); -- Max 3 retries";
const triggerStatus = `SELECT trigger_name, event_manipulation, event_object_table 
FROM information_schema.triggers 
WHERE trigger_name LIKE '%webhook%';`;
const triggerByHand = "SELECT manually_trigger_webhook('booking_events', 'your-event-id');";

/** The columns of the tables that those guides create. */
const promisedColumns = {
  calendar_events: `id cal_com_event_id salon_id client_id pet_id title description start_time end_time
    duration_minutes status attendee_email attendee_phone location synced_at`,
  webhook_logs: "id webhook_type payload status error_message cal_com_event_id created_at",
  booking_changes: "booking_id old_status new_status changed_by changed_at",
  bookings: "id booking_number client_id provider_id status total_price",
  booking_events: "id booking_id event_type description created_at",
};

const views = [
  "salons",
  "clients",
  "pets",
  "calendar_events",
  "bookings",
  "booking_events",
  "booking_changes",
  "webhook_logs",
  "webhook_stats",
] as const;

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(() => opened.close());

type Row = Record<string, unknown>;
const asOrg = <Result>(orgId: string, work: (tx: Queryable) => Promise<Result>): Promise<Result> =>
  opened.db.transaction(tenant(orgId), work);
const select = (orgId: string, sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
  asOrg(orgId, (tx) => tx.query<Row>(sql, values));

const calcomBody = (uid: string): string =>
  JSON.stringify({
    triggerEvent: "BOOKING_CREATED",
    payload: { uid, attendees: [{ email: "a" }] },
  });

async function countOf(orgId: string, table: string): Promise<number> {
  const [row] = await select(orgId, `SELECT count(*)::int AS n FROM ${table}`);
  return Number(row?.["n"]);
}

describe("on bookings and messages", () => {
  let fixture: LedgerFixture;
  let petId: string;
  beforeAll(async () => {
    fixture = await ledgerFixture(opened.db);
    const { orgId } = fixture;
    await fixture.record(fixture.change("abc123"), fixture.message(calcomBody("abc123")));
    await fixture.record(fixture.change("def456"), fixture.message(calcomBody("def456")));
    await fixture.record(
      fixture.change("def456", { kind: "cancelled", status: "cancelled", fields: {} }),
      fixture.message(JSON.stringify({ triggerEvent: "BOOKING_CANCELLED", payload: {} })),
    );
    petId = randomUUID();
    await asOrg(orgId, async (tx) => {
      const [customer] = await tx.query<{ id: string }>(
        "UPDATE customer SET first_name = 'Jan', last_name = 'Kowalski' RETURNING id",
      );
      await tx.query(
        `INSERT INTO subject (org_id, id, customer_id, name, breed, allergies)
         VALUES ($1, $2, $3, 'Burek', 'Labrador', '{Kurczak}')`,
        [orgId, petId, customer?.id],
      );
      await tx.query(
        `INSERT INTO booking_subject (org_id, booking_id, subject_id)
         SELECT org_id, booking_id, $1 FROM booking_external_ref WHERE external_id = 'abc123'`,
        [petId],
      );
      // A message that nobody could understand, and one that is being processed.
      for (const [status, error, body] of [
        ["failed", "no such trigger", '{"triggerEvent": "BOOKING_MELTED"}'],
        ["received", null, "no JSON"],
      ]) {
        await tx.query(
          `INSERT INTO inbound_message (org_id, id, connection_id, dedupe_key, status, error,
             signature_state, body, received_at)
           VALUES ($1, gen_random_uuid(), $2, convert_to($5, 'UTF8'), $3, $4, 'valid',
             convert_to($5, 'UTF8'), now())`,
          [orgId, fixture.connectionId, status, error, body],
        );
      }
    });
  });

  test("the last synced events have the source's ids, and the words of a calendar", async () => {
    const rows = await select(fixture.orgId, lastSynced);
    expect(Object.fromEntries(rows.map((row) => [row["cal_com_event_id"], row["status"]]))).toEqual(
      {
        abc123: "scheduled",
        def456: "cancelled",
      },
    );
    expect(rows.find((row) => row["cal_com_event_id"] === "abc123")).toMatchObject({
      pet_id: petId,
      client_id: expect.any(String),
      start_time: new Date("2026-03-10T10:00:00Z"),
    });
  });

  test("messages are counted by status, with percentages", async () => {
    const counts = await select(fixture.orgId, byStatus);
    expect(Object.fromEntries(counts.map((row) => [row["status"], Number(row["count"])]))).toEqual({
      success: 3,
      error: 1,
      processing: 1,
    });
    const rates = await select(fixture.orgId, successRate);
    expect(rates.find((row) => row["status"] === "success")).toMatchObject({ percentage: "60.00" });
    expect(rates.reduce((sum, row) => sum + Number(row["percentage"]), 0)).toBe(100);
  });

  test("recent syncs name the pet and the client", async () => {
    const rows = await select(fixture.orgId, recentSyncs);
    expect(rows.find((row) => row["cal_com_event_id"] === "abc123")).toMatchObject({
      pet_name: "Burek",
      client_name: "Jan Kowalski",
    });
    expect(rows.find((row) => row["cal_com_event_id"] === "def456")).toMatchObject({
      pet_name: null,
      client_name: "Jan Kowalski",
    });
  });

  test("failed webhooks tell their trigger and what was wrong", async () => {
    expect(await select(fixture.orgId, failedInbound)).toMatchObject([
      { error_message: "no such trigger", event_type: "BOOKING_MELTED" },
    ]);
  });

  test("a message is logged under the id that it speaks of, what is no JSON without payload", async () => {
    const rows = await select(
      fixture.orgId,
      "SELECT * FROM webhook_logs WHERE status IN ('success', 'processing') ORDER BY created_at",
    );
    expect(rows.map((row) => row["cal_com_event_id"])).toEqual([
      "abc123",
      "def456",
      "def456",
      null,
    ]);
    expect(rows.at(-1)).toMatchObject({ payload: null, direction: "inbound" });
    expect(new Set(rows.map((row) => row["webhook_type"]))).toEqual(new Set(["calcom"]));
  });

  test("booking_changes has every change of status, and who made it", async () => {
    const rows = await select(
      fixture.orgId,
      `SELECT c.* FROM booking_changes c JOIN booking_external_ref r USING (booking_id)
        WHERE r.external_id = 'def456' ORDER BY changed_at, old_status NULLS FIRST`,
    );
    expect(rows).toMatchObject([
      { old_status: null, new_status: "confirmed", changed_by: "Test source" },
      { old_status: "confirmed", new_status: "cancelled", changed_by: "Test source" },
    ]);
  });

  test("a customer without a surname has a name all the same", async () => {
    const { orgId } = await createTestOrganisation(opened.db);
    await asOrg(orgId, (tx) =>
      tx.query("INSERT INTO customer (org_id, display_name, source) VALUES ($1, 'Ada', 'user')", [
        orgId,
      ]),
    );
    expect(await select(orgId, "SELECT name || ' ' || surname AS name FROM clients")).toEqual([
      { name: "Ada " },
    ]);
  });

  test("a price is told in the currency's unit", async () => {
    const { orgId } = await createTestOrganisation(opened.db);
    for (const [minor, currency] of [
      [12_050, "PLN"],
      [900, "JPY"],
      [1_250, "KWD"],
    ]) {
      await select(
        orgId,
        `INSERT INTO booking (org_id, starts_at, ends_at, price_minor, currency)
         VALUES ($1, now(), now(), $2, $3)`,
        [orgId, minor, currency],
      );
    }
    const rows = await select(orgId, "SELECT total_price FROM bookings ORDER BY booking_number");
    expect(rows.map((row) => row["total_price"])).toEqual(["120.50", "900", "1.250"]);
  });
});

describe("on deliveries", () => {
  let fixture: DestinationFixture;
  beforeEach(async () => {
    fixture = await destinationFixture(opened.db);
    return () => fixture.close();
  });

  const stateOf = async (): Promise<string> =>
    (await fixture.deliveries()).map(({ status }) => status).join();

  test("failed webhooks, statistics, a retry and a clean-up run as they are printed", async () => {
    const receiver = await fixture.receiver((_request, response) => {
      response.statusCode = 410;
      response.end();
    });
    await fixture.destination(receiver.url, { profile: "make" });
    expect(await select(fixture.orgId, statistics)).toEqual([]);
    await fixture.book();
    expect(await select(fixture.orgId, byStatus)).toEqual([{ status: "pending", count: 1 }]);
    const pending = await select(fixture.orgId, statistics);
    expect(pending).toMatchObject([
      { period: "24 hours", total: 1, pending: 1, success_rate: null, first_attempt_rate: null },
      { period: "7 days" },
      { period: "30 days" },
    ]);

    fixture.worker();
    await until(async () => (await stateOf()) === "exhausted");
    const [failed, ...others] = await select(fixture.orgId, failedOutbound);
    expect(others).toEqual([]);
    expect(failed).toMatchObject({ direction: "outbound", webhook_type: "make", attempt: 1 });
    expect(failed).toMatchObject({ response_status: 410, error_message: expect.any(String) });
    expect((await select(fixture.orgId, statistics))[0]).toMatchObject({
      direction: "outbound",
      webhook_type: "make",
      successful: 0,
      failed: 1,
      success_rate: "0.00",
    });

    receiver.answer((_request, response) => response.end("Accepted"));
    await asOrg(fixture.orgId, (tx) =>
      tx.query("UPDATE destination SET status = 'active', disabled_reason = NULL"),
    );
    expect(await select(fixture.orgId, retryFailed)).toEqual([{ retry_failed_webhooks: 1 }]);
    fixture.wake.signal("deliveries");
    await until(async () => (await stateOf()) === "delivered");
    expect(receiver.requests.map(({ headers }) => headers["webhook-id"])).toEqual([
      receiver.requests[0]?.headers["webhook-id"],
      receiver.requests[0]?.headers["webhook-id"],
    ]);
    expect(await select(fixture.orgId, retryFailed)).toEqual([{ retry_failed_webhooks: 0 }]);
    expect((await select(fixture.orgId, statistics))[0]).toMatchObject({
      success_rate: "100.00",
      first_attempt_rate: "0.00",
    });
    expect(await select(fixture.orgId, "SELECT action, new FROM audit_log")).toContainEqual({
      action: "delivery.retried",
      new: { status: "pending", deliveries: 1 },
    });

    expect(await select(fixture.orgId, cleanUp)).toEqual([{ cleanup_webhook_logs: 0 }]);
    await asOrg(fixture.orgId, (tx) =>
      tx.query(
        "UPDATE delivery_attempt SET at = at - interval '31 days', request_body = '{}', response_body = 'x'",
      ),
    );
    expect(await select(fixture.orgId, cleanUp)).toEqual([{ cleanup_webhook_logs: 2 }]);
    expect(await select(fixture.orgId, cleanUp)).toEqual([{ cleanup_webhook_logs: 0 }]);
    expect(
      await select(
        fixture.orgId,
        "SELECT payload, response_status FROM webhook_logs ORDER BY attempt",
      ),
    ).toEqual([
      { payload: null, response_status: 410 },
      { payload: null, response_status: 200 },
    ]);
    expect(await countOf(fixture.orgId, "booking_event")).toBe(1);
  });

  test("a clean-up leaves alone what is under way, and keeps what failed three times as long", async () => {
    const { orgId } = fixture;
    const { connectionId, record: keep, change, message } = await inOrganisation(orgId);
    await keep(change("u-1"), message(calcomBody("u-1")));
    await asOrg(orgId, (tx) =>
      tx.query(
        `INSERT INTO inbound_message (org_id, id, connection_id, dedupe_key, status,
           signature_state, body, received_at)
         SELECT $1, gen_random_uuid(), $2, convert_to(s, 'UTF8'), s, 'valid', '{}', now()
           FROM unnest('{failed,waiting,received}'::text[]) s`,
        [orgId, connectionId],
      ),
    );
    const age = (days: number): Promise<Row[]> =>
      select(orgId, "UPDATE inbound_message SET received_at = received_at - $1::interval", [
        `${days} days`,
      ]);
    await age(31);
    expect(await select(orgId, cleanUp)).toEqual([{ cleanup_webhook_logs: 1 }]);
    const [emptied] = await select(
      orgId,
      "SELECT body, body_keys FROM inbound_message WHERE body_removed_at IS NOT NULL",
    );
    expect(emptied?.["body"]).toHaveLength(0);
    expect(new Set(emptied?.["body_keys"] as string[])).toEqual(
      new Set(keyPaths(JSON.parse(calcomBody("u-1")))),
    );
    await age(60);
    expect(await select(orgId, cleanUp)).toEqual([{ cleanup_webhook_logs: 1 }]);
    expect(await select(orgId, byStatus)).toHaveLength(3);
    await expect(select(orgId, "SELECT cleanup_webhook_logs(0)")).rejects.toThrow(/1 or more/);
    for (const tries of ["-1", "0", "NULL"]) {
      const call = `SELECT retry_failed_webhooks(${tries})`;
      await expect(select(orgId, call)).rejects.toThrow(/1 or more/);
    }
  });

  test("an event is sent anew by hand, under the id that it had", async () => {
    const receiver = await fixture.receiver();
    await fixture.destination(receiver.url);
    await fixture.destination(receiver.url, { profile: "make" });
    const bookingId = await fixture.book();
    const trigger = `SELECT manually_trigger_webhook('booking_events', $1::uuid) AS id`;
    const [event] = await select(fixture.orgId, "SELECT id FROM booking_events");

    // What is on its way is not doubled.
    const [underWay] = await select(fixture.orgId, trigger, [event?.["id"]]);
    expect(await countOf(fixture.orgId, "delivery")).toBe(2);
    fixture.worker();
    await until(async () => (await stateOf()) === "delivered,delivered");

    const [again] = await select(fixture.orgId, trigger, [event?.["id"]]);
    const make = await select(
      fixture.orgId,
      "SELECT webhook_type FROM webhook_logs WHERE delivery_id = $1",
      [again?.["id"]],
    );
    expect(make).toMatchObject([{ webhook_type: "make" }]);
    fixture.wake.signal("deliveries");
    await until(async () => (await stateOf()) === "delivered,delivered,delivered,delivered");
    const repeated = (await fixture.deliveries()).find(({ id }) => id === again?.["id"]);
    expect(repeated?.replay_of).toBe(underWay?.["id"]);
    expect(new Set(receiver.requests.map(({ headers }) => headers["webhook-id"])).size).toBe(2);

    const [ofBooking] = await select(
      fixture.orgId,
      "SELECT manually_trigger_webhook('bookings', $1::text) AS id",
      [bookingId],
    );
    expect(ofBooking?.["id"]).toEqual(expect.any(String));
  });

  test("what is no id is answered with how to find one", async () => {
    await expect(select(fixture.orgId, triggerByHand)).rejects.toThrow(
      /"your-event-id" is not the id of a row: SELECT id FROM booking_events/,
    );
    const unknown = `SELECT manually_trigger_webhook('booking_events', '${randomUUID()}')`;
    await expect(select(fixture.orgId, unknown)).rejects.toThrow(/has no row/);
    await expect(
      select(fixture.orgId, `SELECT manually_trigger_webhook('users', '${randomUUID()}')`),
    ).rejects.toThrow(/must be booking_events or bookings/);
  });

  test("an update of bookings makes one event and one delivery for each destination", async () => {
    await fixture.destination("http://127.0.0.1:9/a");
    await fixture.destination("http://127.0.0.1:9/b", { profile: "make" });
    const id = await fixture.book();
    await select(fixture.orgId, "UPDATE bookings SET status = 'cancelled' WHERE id = $1", [id]);
    // The other half of the same change, as an application tells it.
    const insert = `INSERT INTO booking_events (booking_id, event_type, description)
      VALUES ($1, $2, 'the client is ill') RETURNING id`;
    const [told] = await select(fixture.orgId, insert, [id, "cancelled"]);
    expect(await select(fixture.orgId, insert, [id, "status_changed"])).toEqual([told]);
    const events = await select(fixture.orgId, "SELECT * FROM booking_events ORDER BY seq");
    expect(events).toMatchObject([
      { event_type: "created" },
      { event_type: "cancelled", id: told?.["id"], old_status: "confirmed" },
    ]);
    expect(events[1]?.["description"]).toMatch(/cancelled \(confirmed → cancelled\)/);
    expect(await countOf(fixture.orgId, "delivery")).toBe(4);
    await select(fixture.orgId, "UPDATE bookings SET status = 'CANCELLED' WHERE id = $1", [id]);
    expect(await countOf(fixture.orgId, "booking_event")).toBe(2);
    await expect(
      select(fixture.orgId, "UPDATE bookings SET total_price = 1 WHERE id = $1", [id]),
    ).rejects.toThrow(/can be changed here/);
  });

  test("an insert into booking_events makes one event, and brings the booking to its status", async () => {
    await fixture.destination("http://127.0.0.1:9/a");
    const id = await fixture.book();
    const insert = `INSERT INTO booking_events (booking_id, event_type, description)
      VALUES ($1, $2, $3) RETURNING id`;
    await select(fixture.orgId, insert, [id, "booking.confirmed", null]);
    expect(await countOf(fixture.orgId, "booking_event")).toBe(1);
    await select(fixture.orgId, insert, [id, "Canceled", "the client is ill"]);
    expect(
      await select(fixture.orgId, "SELECT status, status_reason FROM booking WHERE id = $1", [id]),
    ).toEqual([{ status: "cancelled", status_reason: "the client is ill" }]);
    const [note] = await select(fixture.orgId, insert, [id, "note_added", "called back"]);
    expect(await select(fixture.orgId, "SELECT * FROM booking_events ORDER BY seq")).toMatchObject([
      { event_type: "created" },
      { event_type: "cancelled", description: expect.stringMatching(/: the client is ill$/) },
      { event_type: "note_added", id: note?.["id"], description: "called back" },
    ]);
    expect(await countOf(fixture.orgId, "delivery")).toBe(3);
    await expect(select(fixture.orgId, insert, [randomUUID(), "cancelled", ""])).rejects.toThrow(
      /there is no booking/,
    );
  });
});

describe("the schema", () => {
  test("has the two triggers where their status is asked for", async () => {
    const { orgId } = await createTestOrganisation(opened.db);
    const rows = await select(orgId, triggerStatus);
    expect(rows).toHaveLength(2);
    expect(rows).toEqual(
      expect.arrayContaining([
        {
          trigger_name: "booking_events_webhook_trigger",
          event_manipulation: "INSERT",
          event_object_table: "booking_events",
        },
        {
          trigger_name: "bookings_webhook_trigger",
          event_manipulation: "UPDATE",
          event_object_table: "bookings",
        },
      ]),
    );
    const functions = await select(
      orgId,
      `SELECT DISTINCT action_statement FROM information_schema.triggers
        WHERE trigger_name LIKE '%webhook%'`,
    );
    expect(functions).toEqual([
      { action_statement: "EXECUTE FUNCTION trigger_booking_event_webhook()" },
    ]);
  });

  test.each(Object.entries(promisedColumns))(
    "%s has the columns that it had",
    async (view, names) => {
      const { orgId } = await createTestOrganisation(opened.db);
      await select(orgId, `SELECT ${names.trim().split(/\s+/).join(", ")} FROM ${view}`);
    },
  );

  test("shows an organisation its own rows, and nobody those of none", async () => {
    const fixture = await ledgerFixture(opened.db);
    await fixture.record(fixture.change("own"), fixture.message(calcomBody("own")));
    await asOrg(fixture.orgId, (tx) =>
      tx.query(
        `INSERT INTO subject (org_id, customer_id, name) SELECT org_id, id, 'Rex' FROM customer`,
      ),
    );
    const stranger = await createTestOrganisation(opened.db);
    for (const view of views) {
      const own = await countOf(fixture.orgId, view);
      expect([view, own]).toEqual([view, expect.toSatisfy((count: number) => count > 0)]);
      expect([view, await countOf(stranger.orgId, view)]).toEqual([
        view,
        view === "salons" ? 1 : 0,
      ]);
      // As the role of an organisation that has not said which.
      const [nobody] = await opened.db.transaction(system, async (tx) => {
        await tx.query("SET LOCAL ROLE slotwire_app");
        return tx.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${view}`);
      });
      expect([view, nobody?.n]).toEqual([view, 0]);
      // As staff who have no booking of their own.
      const idle = tenant(fixture.orgId, { providerEmail: "idle@salon.example" });
      const [staff] = await opened.db.transaction(idle, (tx) =>
        tx.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${view}`),
      );
      expect([view, staff?.n]).toEqual([view, view === "salons" ? 1 : 0]);
    }
    const [booking] = await select(fixture.orgId, "SELECT id FROM bookings");
    await select(stranger.orgId, "UPDATE bookings SET status = 'cancelled'");
    expect(await select(fixture.orgId, "SELECT status FROM bookings")).toEqual([
      { status: "confirmed" },
    ]);
    await expect(
      select(
        stranger.orgId,
        "INSERT INTO booking_events (booking_id, event_type) VALUES ($1, 'cancelled')",
        [booking?.["id"]],
      ),
    ).rejects.toThrow(/there is no booking/);
    await expect(
      select(stranger.orgId, "SELECT manually_trigger_webhook('bookings', $1::uuid)", [
        booking?.["id"],
      ]),
    ).rejects.toThrow(/has no row/);
  });
});

/** The means to record into an organisation that is there already. */
async function inOrganisation(orgId: string) {
  const connectionId = randomUUID();
  await asOrg(orgId, (tx) =>
    tx.query(
      `INSERT INTO connection (org_id, id, kind, name, origin)
       VALUES ($1, $2, 'calcom', 'Cal.com', 'user')`,
      [orgId, connectionId],
    ),
  );
  const elsewhere = await ledgerFixture(opened.db);
  const clock = { now: () => new Date() };
  return {
    connectionId,
    change: (uid: string) => sourceChange(connectionId, uid),
    message: (body: string) => ({ ...elsewhere.message(body), connectionId }),
    record: (change: ReturnType<typeof sourceChange>, kept: MessageDraft) =>
      record(
        { db: opened.db, clock, wake: nobodyListens },
        { orgId, change, sourceKind: "calcom", message: kept },
      ),
  };
}
