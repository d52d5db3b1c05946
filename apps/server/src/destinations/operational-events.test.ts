import { operationalWebhookSchema } from "@slotwire/contract";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type DestinationFixture, destinationFixture } from "../../test/destination-fixture.ts";
import {
  createTestConnection,
  openTestDatabase,
  type TestDatabase,
} from "../../test/test-database.ts";
import { until } from "../../test/until.ts";
import { tenant } from "../db/database.ts";

let database: TestDatabase;
let fixture: DestinationFixture;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  fixture = await destinationFixture(database.db);
});
afterEach(() => fixture.close());

/** Something goes wrong, and is right again. */
async function alarm(): Promise<void> {
  const { connectionId } = await createTestConnection(database.db, fixture.orgId);
  await database.db.transaction(tenant(fixture.orgId), async (tx) => {
    await tx.query(
      `INSERT INTO alert (org_id, kind, connection_id, key, severity, params, opened_at,
                          last_seen_at)
       VALUES ($1, 'host_no_show', $2, 'a trial', 'warning', '{"details": ["Kim Person"]}',
               now(), now())`,
      [fixture.orgId, connectionId],
    );
    await tx.query("UPDATE alert SET resolved_at = now() WHERE resolved_at IS NULL");
  });
  fixture.wake.signal("deliveries");
}

const bodiesAt = ({ requests }: { readonly requests: readonly { readonly body: string }[] }) =>
  requests.map(({ body }) => operationalWebhookSchema.parse(JSON.parse(body)));

test("alerts reach the destinations that ask for them, and no others", async () => {
  const [thin, full, everyBooking, planning] = [
    await fixture.receiver(),
    await fixture.receiver(),
    await fixture.receiver(),
    await fixture.receiver(),
  ];
  await fixture.destination(thin.url, { event_types: ["alert.*"] });
  await fixture.destination(full.url, { event_types: ["alert.opened"], payload_mode: "full" });
  await fixture.destination(everyBooking.url);
  const { id: planningId } = await fixture.destination(planning.url, {
    profile: "external_calendar",
    event_types: ["alert.opened", "booking.cancelled"],
  });
  fixture.worker();
  await alarm();
  await until(() => thin.requests.length === 2 && full.requests.length === 1);
  await until(async () =>
    (await fixture.deliveries()).every(({ status }) => /delivered|skipped/.test(status)),
  );

  const told = bodiesAt(thin);
  expect(told.map(({ type }) => type).toSorted()).toEqual(["alert.opened", "alert.resolved"]);
  expect(told[0]?.data.alert).toMatchObject({ kind: "host_no_show", details: [] });
  expect(JSON.stringify(told)).not.toContain("Kim Person");
  expect(bodiesAt(full)[0]?.data.alert.details).toEqual(["Kim Person"]);
  expect(thin.requests[0]?.headers).toHaveProperty("webhook-signature");
  expect(everyBooking.requests).toEqual([]);
  expect(planning.requests).toEqual([]);
  const deliveries = await fixture.deliveries();
  expect(deliveries).toHaveLength(4);
  for (const delivery of deliveries) {
    expect(delivery).toMatchObject({ booking_event_id: null, booking_id: null });
    expect(delivery.operational_event_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(delivery.event_type).toMatch(/^alert\./);
  }
  const skipped = deliveries.filter(({ status }) => status === "skipped");
  expect(skipped).toMatchObject([{ destination_id: planningId }]);
  expect(skipped[0]?.skip_reason).toContain("bookings only");
});

test("bookings go on as before beside them", async () => {
  const both = await fixture.receiver();
  await fixture.destination(both.url, { event_types: ["*", "alert.*"] });
  fixture.worker();
  await fixture.book();
  await alarm();
  await until(() => both.requests.length === 3);
  const types = both.requests.map(({ body }) => (JSON.parse(body) as { type: string }).type);
  expect(types.toSorted()).toEqual(["alert.opened", "alert.resolved", "booking.created"]);
});
