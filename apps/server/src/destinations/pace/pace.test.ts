import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { destinationFixture, type DestinationFixture } from "../../../test/destination-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../../test/test-database.ts";
import { until } from "../../../test/until.ts";
import { ManualClock } from "../../clock.ts";
import { claimDeliveries, type ClaimedRow } from "../queries.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());

let fixture: DestinationFixture;
afterEach(() => fixture.close());

const claim = (now: Date): Promise<ClaimedRow[]> =>
  claimDeliveries(test.db, {
    now,
    leaseUntil: new Date(now.getTime() + 60_000),
    token: randomUUID(),
    limit: 64,
    slots: 16,
    limited: new Map(),
  });

async function bookMany(count: number): Promise<void> {
  for (let no = 0; no < count; no += 1) await fixture.book();
}

const isDone = async (): Promise<boolean> =>
  (await fixture.deliveries()).every(({ status }) => status === "delivered");

describe("a rate", () => {
  it("is kept by whoever claims, and by clocks that differ", async () => {
    fixture = await destinationFixture(test.db);
    await fixture.destination("http://127.0.0.1:9/", { rate_per_second: 4 });
    await bookMany(12);
    const clock = new ManualClock(new Date().toISOString());
    const taken = async (): Promise<number> => (await claim(clock.now())).length;
    expect([await taken(), await taken()]).toEqual([2, 0]);
    clock.advance(250);
    expect([await taken(), await taken()]).toEqual([1, 0]);
    clock.advance(-10_000);
    expect(await taken()).toBe(0);
    clock.advance(10_750);
    // No more than half a second's worth is ever kept.
    expect([await taken(), await taken()]).toEqual([2, 0]);
  });

  it("comes with the profile where nobody set one", async () => {
    fixture = await destinationFixture(test.db);
    await fixture.destination("http://127.0.0.1:9/", { profile: "make" });
    await bookMany(20);
    expect(await claim(new Date())).toHaveLength(12);
  });

  it("holds over two workers, and holds up nobody else", async () => {
    fixture = await destinationFixture(test.db);
    const times: number[] = [];
    const slow = await fixture.receiver((_request, response) => {
      times.push(performance.now());
      response.end();
    });
    const fast = await fixture.receiver();
    await fixture.destination(slow.url, { rate_per_second: 20 });
    await fixture.destination(fast.url);
    await bookMany(40);
    fixture.worker();
    fixture.worker();
    await until(() => fast.requests.length >= 40);
    await until(isDone, 20_000);
    // A bucket of ten and twenty a second: what was claimed may arrive a little closer together.
    const inASecond = times.map((end) => times.filter((at) => at <= end && at > end - 1000).length);
    expect(Math.max(...inASecond)).toBeLessThanOrEqual(35);
    expect(times).toHaveLength(40);
  });
});

describe("a concurrency", () => {
  it("holds over two workers", async () => {
    fixture = await destinationFixture(test.db);
    let open = 0;
    let most = 0;
    const receiver = await fixture.receiver(async (_request, response) => {
      open += 1;
      most = Math.max(most, open);
      await delay(5);
      open -= 1;
      response.end();
    });
    await fixture.destination(receiver.url, { concurrency: 3 });
    await bookMany(30);
    fixture.worker();
    fixture.worker();
    await until(isDone, 20_000);
    expect(most).toBeLessThanOrEqual(3);
    expect(receiver.requests).toHaveLength(30);
  });

  it("counts what is under way, and not what is lost", async () => {
    fixture = await destinationFixture(test.db);
    await fixture.destination("http://127.0.0.1:9/", { concurrency: 2 });
    await bookMany(5);
    const now = new Date();
    expect(await claim(now)).toHaveLength(2);
    expect(await claim(now)).toHaveLength(0);
    expect(await claim(new Date(now.getTime() + 60_000))).toHaveLength(2);
  });
});
