import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { destinationFixture, type DestinationFixture } from "../../../test/destination-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../../test/test-database.ts";
import { until } from "../../../test/until.ts";
import { hubAuthor } from "../../access/record-audit.ts";
import { tenant } from "../../db/database.ts";
import { pauseDestination } from "../pause-destination.ts";
import { retryDelivery } from "../retry-delivery.ts";
import { countDeliveries } from "./count-deliveries.ts";
import { readStatistics } from "./read-statistics.ts";

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

const read = ({ deps, orgId }: DestinationFixture, query = {}) =>
  readStatistics(deps, orgId, query);

async function isOver(fixture: DestinationFixture, count: number): Promise<void> {
  await until(async () => {
    const all = await fixture.deliveries();
    return all.filter(({ status }) => ["delivered", "exhausted"].includes(status)).length === count;
  });
}

describe("how destinations fare", () => {
  it("is told of each and of all: at once, in the end, and what failed", async () => {
    const fixture = await begin();
    const good = await fixture.receiver();
    const dead = await fixture.receiver((_, answer) => answer.writeHead(500).end());
    let calls = 0;
    const flaky = await fixture.receiver((_, answer) =>
      answer.writeHead((calls += 1) === 1 ? 500 : 200).end(),
    );
    const ids: Record<string, string> = {};
    const input = { retry_schedule: [0] };
    for (const [name, { url }] of Object.entries({ good, dead, flaky })) {
      ids[name] = (await fixture.destination(url, { ...input, ordering: "none" })).id;
    }
    fixture.worker();
    await fixture.book();
    await isOver(fixture, 3);
    const failed = (await fixture.deliveries()).find(
      ({ destination_id: id, status }) => id === ids["flaky"] && status === "exhausted",
    );
    await retryDelivery(fixture.deps, hubAuthor(fixture.orgId), failed?.id ?? "");
    await isOver(fixture, 3);
    await until(() => calls === 2);
    await isOver(fixture, 3);

    const counts = await countDeliveries(fixture.deps, fixture.orgId, { status: "exhausted" });
    expect(counts).toMatchObject({ by_status: { delivered: 2, exhausted: 1, pending: 0 } });
    const of5xx = await countDeliveries(fixture.deps, fixture.orgId, { status_code: 500 });
    expect(of5xx).toMatchObject({ by_status: { delivered: 0, exhausted: 1 }, is_limited: false });

    const { whole, destinations } = await read(fixture);
    const of = (name: string) => destinations.find(({ id }) => id === ids[name]);
    expect(of("good")).toMatchObject({
      deliveries: 1,
      sent: 1,
      delivered: 1,
      exhausted: 0,
      first_try_rate: 1,
      final_rate: 1,
      open: 0,
      is_limited: false,
      last_delivered_at: expect.stringMatching(/Z$/) as unknown,
    });
    expect(of("dead")).toMatchObject({
      first_try_rate: 0,
      final_rate: 0,
      exhausted: 1,
      last_delivered_at: null,
    });
    expect(of("flaky")).toMatchObject({ first_try_rate: 0, final_rate: 1 });
    expect(of("good")?.p50_ms).toBeGreaterThan(0);
    expect(of("good")?.p95_ms).toBeGreaterThanOrEqual(of("good")?.p50_ms ?? Infinity);
    expect(whole).toMatchObject({ deliveries: 3, sent: 3, delivered: 2, exhausted: 1, open: 0 });
    expect(whole.first_try_rate).toBeCloseTo(1 / 3);
    expect(whole.final_rate).toBeCloseTo(2 / 3);
  });

  it("has no rate where nothing was sent, and counts what waits", async () => {
    const fixture = await begin();
    const empty = { first_try_rate: null, final_rate: null, p50_ms: null, p95_ms: null };
    expect((await read(fixture)).whole).toMatchObject({ deliveries: 0, open: 0, ...empty });
    const { id } = await fixture.destination("http://127.0.0.1:9/");
    await pauseDestination(fixture.deps, hubAuthor(fixture.orgId), id);
    await fixture.book();
    const { whole, destinations } = await read(fixture);
    expect(whole).toMatchObject({ deliveries: 1, sent: 0, open: 1, ...empty });
    expect(destinations).toMatchObject([{ id, deliveries: 1, open: 1, ...empty }]);
  });

  it("leaves disabled destinations out of the whole, and deleted ones out of all", async () => {
    const fixture = await begin();
    const { url } = await fixture.receiver();
    const [off, gone] = [await fixture.destination(url), await fixture.destination(url)];
    fixture.worker();
    await fixture.book();
    await isOver(fixture, 2);
    await test.db.transaction(tenant(fixture.orgId), async (tx) => {
      await tx.query("UPDATE destination SET status = 'disabled' WHERE id = $1", [off.id]);
      await tx.query("UPDATE destination SET deleted_at = now() WHERE id = $1", [gone.id]);
    });
    const { whole, destinations } = await read(fixture);
    expect(destinations).toMatchObject([{ id: off.id, delivered: 1, first_try_rate: 1 }]);
    expect(whole).toMatchObject({ deliveries: 0, first_try_rate: null });
  });

  it("keeps to its span, and refuses one that is empty or too long", async () => {
    const fixture = await begin();
    await fixture.destination("http://127.0.0.1:9/");
    await fixture.book();
    const before = { from: "2020-01-01T00:00:00Z", to: "2020-01-02T00:00:00Z" };
    expect(await read(fixture, before)).toMatchObject({ whole: { deliveries: 0, open: 1 } });
    for (const wrong of [
      { from: before.to, to: before.from },
      { from: before.from, to: "2020-03-01T00:00:00Z" },
    ]) {
      await expect(read(fixture, wrong)).rejects.toMatchObject({ code: "E_VALIDATION" });
    }
  });

  it("is one organisation's alone", async () => {
    const [mine, other] = [await begin(), await begin()];
    await other.destination("http://127.0.0.1:9/");
    await other.book();
    expect(await read(mine)).toMatchObject({ whole: { deliveries: 0 }, destinations: [] });
  });
});
