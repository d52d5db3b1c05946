import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { destinationFixture, type DestinationFixture } from "../../test/destination-fixture.ts";
import type { Receiver } from "../../test/receiver.ts";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import { until } from "../../test/until.ts";
import { hubAuthor } from "../access/record-audit.ts";
import { tenant } from "../db/database.ts";
import { deleteDestination } from "./delete-destination.ts";
import { disableDestination } from "./disable-destination.ts";
import { pauseDestination } from "./pause-destination.ts";
import { cancelReplay } from "./replay/cancel-replay.ts";
import { planReplay } from "./replay/plan-replay.ts";
import { replayDelivery } from "./replay/replay-delivery.ts";
import { startReplay } from "./replay/start-replay.ts";
import { resumeDestination } from "./resume-destination.ts";
import { retryDelivery } from "./retry-delivery.ts";
import { countDeliveries } from "./statistics/count-deliveries.ts";
import { updateDestination } from "./update-destination.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());

let fixture: DestinationFixture;
let receiver: Receiver;
let id: string;
beforeEach(async () => {
  fixture = await destinationFixture(test.db);
  receiver = await fixture.receiver();
  ({ id } = await fixture.destination(receiver.url));
});
afterEach(() => fixture.close());

const by = () => hubAuthor(fixture.orgId);
const disable = () => disableDestination(fixture.deps, fixture.orgId, id, "Nobody is there.");
const resume = () => resumeDestination(fixture.deps, by(), id);
const missed = { skip_reason: "destination_disabled" } as const;
const versionsAt = (): number[] =>
  receiver.requests.map(
    ({ body }) => (JSON.parse(body) as { data: { booking_version: number } }).data.booking_version,
  );

describe("what happens while a destination is disabled", () => {
  it("is kept for it, skipped with the reason, and goes out neither then nor when it is resumed", async () => {
    await disable();
    await fixture.book();
    fixture.worker();
    expect(await fixture.deliveries()).toMatchObject([
      {
        status: "skipped",
        skip_reason: "destination_disabled",
        destination_status: "disabled",
        next_attempt_at: null,
        can_retry: false,
        can_replay: false,
      },
    ]);
    await resume();
    await fixture.book();
    await until(() => receiver.requests.length === 1);
    await until(async () => (await fixture.deliveries())[1]?.status === "delivered");
    expect(await fixture.deliveries()).toMatchObject([
      { status: "skipped", destination_status: "active", can_retry: true, can_replay: true },
      { status: "delivered", can_retry: false, can_replay: true },
    ]);
    const counts = await countDeliveries(fixture.deps, fixture.orgId, missed);
    expect(counts.by_status).toMatchObject({ skipped: 1, delivered: 0 });
    expect(receiver.requests).toHaveLength(1);
  });

  it("is sent anew with what was cancelled, in order, once it is resumed, by today's settings", async () => {
    await pauseDestination(fixture.deps, by(), id);
    const booking = await fixture.book();
    await disable();
    await fixture.change(booking, "Second", "Third");
    expect(await fixture.deliveries()).toMatchObject([
      { status: "cancelled", ...missed },
      { status: "skipped", ...missed },
      { status: "skipped", ...missed },
    ]);
    const plan = await planReplay(fixture.deps, fixture.orgId, missed, 10);
    expect(plan).toMatchObject({ total: 0, destinations: [{ id, status: "disabled", count: 3 }] });
    await resume();
    await updateDestination(fixture.deps, by(), id, { payload_mode: "full" });
    fixture.worker();
    await startReplay(fixture.deps, by(), missed, 100);
    await until(() => receiver.requests.length === 3);
    expect(versionsAt()).toEqual([1, 2, 3]);
    expect(receiver.requests[2]?.body).toContain("Third");
    await until(async () =>
      (await fixture.deliveries()).slice(3).every(({ status }) => status === "delivered"),
    );
    // All of it has arrived by now.
    expect(await planReplay(fixture.deps, fixture.orgId, missed, 10)).toMatchObject({ total: 0 });
  });

  it("is held back by a filter that it has by now", async () => {
    await disable();
    await fixture.book();
    await resume();
    const filter = { services: ["workshop"] };
    await updateDestination(fixture.deps, by(), id, { filter });
    fixture.worker();
    const [one] = await fixture.deliveries();
    await replayDelivery(fixture.deps, by(), one?.id ?? "");
    await until(async () => (await fixture.deliveries())[1]?.status === "skipped");
    expect((await fixture.deliveries())[1]?.skip_reason).toContain("services");
    await retryDelivery(fixture.deps, by(), one?.id ?? "");
    await until(async () => (await fixture.deliveries())[0]?.status === "skipped");
    expect((await fixture.deliveries())[0]?.skip_reason).toContain("services");
    expect(receiver.requests).toEqual([]);
  });

  it("is told to a destination that hears of alerts, too, and to no deleted one", async () => {
    const { url } = receiver;
    const alerted = await fixture.destination(url, { event_types: ["alert.*"] });
    await disableDestination(fixture.deps, fixture.orgId, alerted.id, "Nobody is there.");
    await deleteDestination(fixture.deps, by(), id);
    await fixture.book();
    await test.db.transaction(tenant(fixture.orgId), (tx) =>
      tx.query(
        "INSERT INTO operational_event (org_id, type, data) VALUES ($1, 'alert.opened', '{}')",
        [fixture.orgId],
      ),
    );
    expect(await fixture.deliveries()).toMatchObject([
      { destination_id: alerted.id, event_type: "alert.opened", status: "skipped", ...missed },
    ]);
  });
});

describe("a delivery that was cancelled", () => {
  it("says so when its destination was deleted", async () => {
    await fixture.book();
    await deleteDestination(fixture.deps, by(), id);
    expect(await fixture.deliveries()).toMatchObject([
      {
        status: "cancelled",
        skip_reason: "destination_deleted",
        destination_status: "deleted",
        can_retry: false,
        can_replay: false,
      },
    ]);
  });

  it("says so when its replay was stopped", async () => {
    fixture.worker();
    const booking = await fixture.book();
    await fixture.change(booking, "Second");
    await until(async () =>
      (await fixture.deliveries()).every(({ status }) => status === "delivered"),
    );
    const replay = await startReplay(fixture.deps, by(), { booking_id: booking }, 0.1);
    const ofReplay = async () =>
      (await fixture.deliveries())
        .filter((one) => one.replay_id === replay.id)
        .toSorted((one, other) => one.status.localeCompare(other.status));
    await until(async () => (await ofReplay())[0]?.status === "delivered");
    await cancelReplay(fixture.deps, by(), replay.id);
    expect(await ofReplay()).toMatchObject([
      { status: "cancelled", skip_reason: "replay_cancelled", can_retry: true },
      { status: "delivered", skip_reason: null },
    ]);
  });

  it("keeps its reason when the attempt under way fails, and has none when it arrives", async () => {
    for (const status of [500, 200]) {
      const { promise: told, resolve: tell } = Promise.withResolvers<void>();
      receiver.answer((_request, response) => {
        void told.then(() => response.writeHead(status).end());
      });
      if (status === 500) fixture.worker();
      const before = receiver.requests.length;
      await fixture.book();
      await until(() => receiver.requests.length > before);
      await disable();
      tell();
      await until(async () => (await fixture.deliveries()).at(-1)?.attempt_count === 1);
      await resume();
    }
    expect(await fixture.deliveries()).toMatchObject([
      { status: "cancelled", ...missed, attempt_count: 1 },
      { status: "delivered", skip_reason: null },
    ]);
  });
});
