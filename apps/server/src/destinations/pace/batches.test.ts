import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { destinationFixture, type DestinationFixture } from "../../../test/destination-fixture.ts";
import type { Answering, ReceivedRequest } from "../../../test/receiver.ts";
import { openTestDatabase, type TestDatabase } from "../../../test/test-database.ts";
import { until } from "../../../test/until.ts";
import { tenant } from "../../db/database.ts";
import { ManualClock } from "../../clock.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());

let fixture: DestinationFixture;
afterEach(() => fixture.close());

interface Element {
  readonly data: { readonly booking_id: string; readonly booking_version: number };
}

const elementsOf = ({ body }: ReceivedRequest): Element[] => JSON.parse(body) as Element[];
const statuses = async (): Promise<string[]> =>
  (await fixture.deliveries()).map(({ status }) => status);
const areDelivered = async (): Promise<boolean> =>
  (await statuses()).every((status) => status === "delivered");

async function bookMany(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let no = 0; no < count; no += 1) ids.push(await fixture.book());
  return ids;
}

const standingClock = (): ManualClock => new ManualClock(new Date().toISOString());

describe("a destination that takes batches", () => {
  it("gets as many events in one signed request as it takes, each with its own id", async () => {
    fixture = await destinationFixture(test.db);
    const receiver = await fixture.receiver();
    const { secret } = await fixture.destination(receiver.url, { batch_size: 4 });
    const ids = await bookMany(10);
    fixture.worker();
    await until(areDelivered);
    expect(receiver.requests.map((one) => elementsOf(one).length).toSorted()).toEqual([2, 4, 4]);
    const booked = receiver.requests.flatMap(elementsOf).map(({ data }) => data.booking_id);
    expect(booked.toSorted()).toEqual(ids.toSorted());
    const deliveries = await fixture.deliveries();
    for (const request of receiver.requests) {
      expect(() => new Webhook(secret).verify(request.body, request.headers)).not.toThrow();
      expect(request.headers["webhook-batch-ids"]?.split(",")).toEqual(
        elementsOf(request).map(
          ({ data }) => `msg_${deliveries.find((one) => one.booking_id === data.booking_id)?.id}`,
        ),
      );
    }
  });

  it("shows the request as it was sent, and what travelled together in it", async () => {
    fixture = await destinationFixture(test.db);
    const receiver = await fixture.receiver();
    const { secret } = await fixture.destination(receiver.url, { batch_size: 2 });
    const bookings = await bookMany(3);
    fixture.worker();
    await until(areDelivered);
    const deliveries = await fixture.deliveries();
    const together: number[] = [];
    for (const { id, booking_id: booking } of deliveries) {
      const [attempt] = await fixture.attempts(id);
      const {
        request_body: body = "",
        request_headers: headers,
        batch_delivery_ids: ids,
      } = {
        ...attempt,
      };
      expect(receiver.requests.map((one) => one.body)).toContain(body);
      expect(() => new Webhook(secret).verify(body ?? "", headers ?? {})).not.toThrow();
      const parts = JSON.parse(body ?? "") as Element[];
      expect(parts[ids?.indexOf(id) ?? -1]?.data.booking_id).toBe(booking);
      expect(ids).toHaveLength(parts.length);
      together.push(parts.length);
    }
    expect(together.toSorted()).toEqual([1, 2, 2]);
    expect(deliveries.map((one) => one.booking_id).toSorted()).toEqual(bookings.toSorted());

    // One part is emptied before the others: nothing stands for what was sent any more.
    await test.db.transaction(tenant(fixture.orgId), (tx) =>
      tx.query("UPDATE delivery_attempt SET request_body = NULL WHERE delivery_id = $1", [
        deliveries[0]?.id,
      ]),
    );
    const [left] = await fixture.attempts(deliveries[0]?.id ?? "");
    expect(left?.request_body).toBeNull();
    const [companion] = await fixture.attempts(
      left?.batch_delivery_ids?.find((id) => id !== deliveries[0]?.id) ?? "",
    );
    expect(companion).toMatchObject({ request_body: null, status_code: 200 });
  });

  it("never gets two versions of a booking in one request", async () => {
    fixture = await destinationFixture(test.db);
    const receiver = await fixture.receiver();
    await fixture.destination(receiver.url, { batch_size: 10 });
    const [first = "", second = ""] = await bookMany(2);
    await fixture.change(first, "two", "three");
    await fixture.change(second, "two");
    fixture.worker();
    await until(areDelivered);
    const versions = receiver.requests.map((request) =>
      elementsOf(request).map(({ data }) => data.booking_version),
    );
    expect(versions).toEqual([[1, 1], [2, 2], [3]]);
  });

  it("gets the same id with the same events again", async () => {
    const clock = standingClock();
    fixture = await destinationFixture(test.db, clock);
    const receiver = await fixture.receiver((_request, response) => {
      response.writeHead(500).end();
    });
    await fixture.destination(receiver.url, { batch_size: 10 });
    await bookMany(3);
    fixture.worker();
    await until(async () => (await statuses()).every((status) => status === "retrying"));
    receiver.answer((_request, response) => response.end());
    clock.advance(5_000);
    fixture.wake.signal("deliveries");
    await until(areDelivered);
    const [id, again] = receiver.requests.map(({ headers }) => headers["webhook-id"]);
    expect(id).toMatch(/^msg_batch_[\w-]{32}$/);
    expect(again).toBe(id);
  });

  it.each([["standard", "retrying"] as const, ["make", "exhausted"] as const])(
    "loses nothing to one event that it refuses (%s)",
    async (profile, end) => {
      fixture = await destinationFixture(test.db, standingClock());
      const ids: string[] = [];
      const refusing: Answering = (request, response) => {
        const [poison = ""] = ids;
        response.writeHead(request.body.includes(poison) ? 422 : 200).end();
      };
      const receiver = await fixture.receiver(refusing);
      const pace = { rate_per_second: 1000, concurrency: 2 };
      await fixture.destination(receiver.url, { profile, batch_size: 10, ...pace });
      ids.push(...(await bookMany(5)));
      fixture.worker();
      await until(async () => (await statuses()).filter((one) => one === "delivered").length === 4);
      // One together, and then each alone.
      await until(() => receiver.requests.length === 6);
      await until(async () => (await statuses())[0] === end);
      expect(await statuses()).toEqual([end, ...Array<string>(4).fill("delivered")]);
    },
  );
});
