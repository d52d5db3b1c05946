import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { destinationFixture, type DestinationFixture } from "../../../test/destination-fixture.ts";
import type { Receiver } from "../../../test/receiver.ts";
import { openTestDatabase, type TestDatabase } from "../../../test/test-database.ts";
import { until } from "../../../test/until.ts";
import { hubAuthor } from "../../access/record-audit.ts";
import { tenant } from "../../db/database.ts";
import { rotateSecret } from "../rotate-secret.ts";
import { cancelReplay } from "./cancel-replay.ts";
import { planReplay } from "./plan-replay.ts";
import { replayDelivery } from "./replay-delivery.ts";
import { getReplay } from "./replay-row.ts";
import { startReplay } from "./start-replay.ts";

let test: TestDatabase;
const fixtures: DestinationFixture[] = [];
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());
afterEach(async () => {
  for (const fixture of fixtures.splice(0)) await fixture.close();
});

async function begin(): Promise<DestinationFixture> {
  const fixture = await destinationFixture(test.db);
  fixtures.push(fixture);
  return fixture;
}

const idsAt = (receiver: Receiver): string[] =>
  receiver.requests.map(({ headers }) => headers["webhook-id"] ?? "");

/** What the audit log says of replays, the first first. */
async function audited(orgId: string): Promise<string[]> {
  const rows = await test.db.transaction(tenant(orgId), (tx) =>
    tx.query<{ action: string }>(
      "SELECT action FROM audit_log WHERE action LIKE 'delivery.replay_%' ORDER BY at, id",
    ),
  );
  return rows.map(({ action }) => action);
}

/** Books that often and waits until all of it has arrived. */
async function delivered(
  fixture: DestinationFixture,
  receiver: Receiver,
  count: number,
): Promise<void> {
  for (let n = 0; n < count; n++) await fixture.book();
  await until(async () => {
    const all = await fixture.deliveries();
    return receiver.requests.length >= count && all.every((one) => one.status === "delivered");
  });
}

describe("sending one anew", () => {
  it("is a delivery of its own under the same id, signed with today's secret", async () => {
    const fixture = await begin();
    const receiver = await fixture.receiver();
    const destination = await fixture.destination(receiver.url);
    fixture.worker();
    await delivered(fixture, receiver, 1);
    const [first] = await fixture.deliveries();
    const { secret } = await rotateSecret(fixture.deps, hubAuthor(fixture.orgId), destination.id);
    const anew = await replayDelivery(fixture.deps, hubAuthor(fixture.orgId), first?.id ?? "");
    expect(anew).toMatchObject({ replay_of: first?.id, attempt_count: 0 });
    await until(() => receiver.requests.length === 2);
    const [one, other] = idsAt(receiver);
    expect(other).toBe(one);
    const again = receiver.requests[1];
    expect(new Webhook(secret).verify(again?.body ?? "", { ...again?.headers })).toBeTruthy();
    expect(again?.body).toBe(receiver.requests[0]?.body);
    await until(async () => (await fixture.deliveries()).at(-1)?.status === "delivered");
    const [untouched] = await fixture.deliveries();
    expect(untouched).toEqual(first);
    // One that was sent anew can be sent anew: of the same first one.
    const third = await replayDelivery(fixture.deps, hubAuthor(fixture.orgId), anew.id);
    expect(third.replay_of).toBe(first?.id);
  });

  it("is refused for one that is still open, and where nothing is heard any more", async () => {
    const fixture = await begin();
    const destination = await fixture.destination("http://127.0.0.1:9/");
    await fixture.book();
    const [open] = await fixture.deliveries();
    const by = hubAuthor(fixture.orgId);
    await expect(replayDelivery(fixture.deps, by, open?.id ?? "")).rejects.toMatchObject({
      code: "E_DELIVERY_STATE",
    });
    await test.db.transaction(tenant(fixture.orgId), async (tx) => {
      await tx.query("UPDATE delivery SET status = 'exhausted', next_attempt_at = NULL");
      await tx.query("UPDATE destination SET status = 'disabled' WHERE id = $1", [destination.id]);
    });
    await expect(replayDelivery(fixture.deps, by, open?.id ?? "")).rejects.toMatchObject({
      code: "E_DELIVERY_STATE",
    });
  });
});

describe("sending many anew", () => {
  it("says first how many, and then sends them in order, at its pace", async () => {
    const fixture = await begin();
    const receiver = await fixture.receiver();
    const { id } = await fixture.destination(receiver.url);
    const other = await fixture.receiver();
    await fixture.destination(other.url);
    fixture.worker();
    await delivered(fixture, receiver, 6);
    await until(() => other.requests.length === 6);
    const by = hubAuthor(fixture.orgId);
    const filter = { destination_id: id };
    const plan = await planReplay(fixture.deps, fixture.orgId, filter, 100);
    expect(plan).toMatchObject({ total: 6, seconds: 1 });
    expect(plan.destinations).toMatchObject([{ id, count: 6, status: "active" }]);
    expect(receiver.requests).toHaveLength(6);
    const replay = await startReplay(fixture.deps, by, filter, 100);
    expect(replay).toMatchObject({ status: "running", total: 6, delivered: 0 });
    await until(
      async () => (await getReplay(fixture.deps, fixture.orgId, replay.id)).status === "done",
    );
    expect(await getReplay(fixture.deps, fixture.orgId, replay.id)).toMatchObject({
      delivered: 6,
      failed: 0,
    });
    const ids = idsAt(receiver);
    expect(ids.slice(6).toSorted()).toEqual(ids.slice(0, 6).toSorted());
    expect(other.requests).toHaveLength(6);
    // What was sent anew is not itself chosen again.
    expect(await planReplay(fixture.deps, fixture.orgId, filter, 100)).toMatchObject({ total: 6 });
  });

  it("means by exhausted what never arrived", async () => {
    const fixture = await begin();
    const receiver = await fixture.receiver();
    await fixture.destination(receiver.url);
    const bookings = [await fixture.book(), await fixture.book()];
    await test.db.transaction(tenant(fixture.orgId), (tx) =>
      tx.query("UPDATE delivery SET status = 'exhausted', next_attempt_at = NULL"),
    );
    fixture.worker();
    const [first] = await fixture.deliveries();
    await replayDelivery(fixture.deps, hubAuthor(fixture.orgId), first?.id ?? "");
    await until(async () => (await fixture.deliveries()).at(-1)?.status === "delivered");
    const plan = await planReplay(fixture.deps, fixture.orgId, { status: "exhausted" }, 10);
    expect(plan.total).toBe(1);
    await startReplay(fixture.deps, hubAuthor(fixture.orgId), { status: "exhausted" }, 10);
    await until(() => receiver.requests.length === 2);
    const told = receiver.requests.map(
      ({ body }) => (JSON.parse(body) as { data: { booking_id: string } }).data.booking_id,
    );
    expect(told.toSorted()).toEqual(bookings.toSorted());
  });

  it("can be stopped, and holds up nothing that is new", async () => {
    const fixture = await begin();
    const receiver = await fixture.receiver();
    await fixture.destination(receiver.url);
    fixture.worker();
    const bookingId = await fixture.book();
    await fixture.change(bookingId, "Second", "Third");
    await until(() => receiver.requests.length === 3);
    await until(async () => (await fixture.deliveries()).every((d) => d.status === "delivered"));
    const by = hubAuthor(fixture.orgId);
    // One at once, the next after ten seconds.
    const replay = await startReplay(fixture.deps, by, { booking_id: bookingId }, 0.1);
    await until(() => receiver.requests.length === 4);
    await fixture.change(bookingId, "Fourth");
    await until(() => receiver.requests.length === 5);
    expect(receiver.requests[4]?.body).toContain('"booking_version":4');
    await until(
      async () => (await getReplay(fixture.deps, fixture.orgId, replay.id)).delivered === 1,
    );
    const stopped = await cancelReplay(fixture.deps, by, replay.id);
    expect(stopped).toMatchObject({ status: "cancelled", delivered: 1, skipped: 2 });
    await expect(cancelReplay(fixture.deps, by, replay.id)).rejects.toMatchObject({
      code: "E_DELIVERY_STATE",
    });
    expect(receiver.requests).toHaveLength(5);
    expect(await audited(fixture.orgId)).toEqual([
      "delivery.replay_requested",
      "delivery.replay_cancelled",
    ]);
  });

  it("is refused when it names nothing, or nothing that takes any", async () => {
    const fixture = await begin();
    const by = hubAuthor(fixture.orgId);
    await expect(startReplay(fixture.deps, by, {}, 10)).rejects.toMatchObject({
      code: "E_DELIVERY_STATE",
    });
  });
});
