import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { hubAuthor } from "../access/record-audit.ts";
import { destinationFixture, type DestinationFixture } from "../../test/destination-fixture.ts";
import type { Answering } from "../../test/receiver.ts";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import { until } from "../../test/until.ts";
import { type Clock, ManualClock } from "../clock.ts";
import { tenant } from "../db/database.ts";
import { deleteDestination } from "./delete-destination.ts";
import { getDestination } from "./get-destination.ts";
import { pauseDestination } from "./pause-destination.ts";
import { claimDeliveries } from "./queries.ts";
import { resumeDestination } from "./resume-destination.ts";
import { rotateSecret } from "./rotate-secret.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());

const fixtures: DestinationFixture[] = [];
afterEach(async () => {
  for (const fixture of fixtures.splice(0)) await fixture.close();
});

async function begin(clock?: Clock): Promise<DestinationFixture> {
  const fixture = await destinationFixture(test.db, clock);
  fixtures.push(fixture);
  return fixture;
}

const standingClock = (): ManualClock => new ManualClock(new Date().toISOString());

const failing =
  (status: number, headers: Record<string, string> = {}): Answering =>
  (_request, response) => {
    response.writeHead(status, headers).end("no");
  };

const statuses = async (fixture: DestinationFixture): Promise<string[]> =>
  (await fixture.deliveries()).map(({ status }) => status);

const allDelivered = async (fixture: DestinationFixture): Promise<boolean> =>
  (await statuses(fixture)).every((status) => status === "delivered");

async function heldUntil(fixture: DestinationFixture, id: string): Promise<number> {
  const [row] = await test.db.transaction(tenant(fixture.orgId), (tx) =>
    tx.query<{ held_until: Date | null }>("SELECT held_until FROM destination WHERE id = $1", [id]),
  );
  return row?.held_until?.getTime() ?? 0;
}

/** The version of the booking that a standard body speaks of. */
function versionIn(body: string): { bookingId: string; version: number } {
  const { data } = JSON.parse(body) as { data: { booking_id: string; booking_version: number } };
  return { bookingId: data.booking_id, version: data.booking_version };
}

describe("a delivery", () => {
  it("arrives signed by Standard Webhooks, and its attempt is kept", async () => {
    const fixture = await begin();
    const receiver = await fixture.receiver((_request, response) => response.end("thank you"));
    const { id, secret } = await fixture.destination(receiver.url);
    fixture.worker();
    const bookingId = await fixture.book();
    await until(() => allDelivered(fixture));

    const [request] = receiver.requests;
    const verified = new Webhook(secret).verify(request?.body ?? "", request?.headers ?? {});
    expect(verified).toMatchObject({
      type: "booking.created",
      data: { booking_id: bookingId, booking_version: 1, data: {} },
    });
    const [delivery] = await fixture.deliveries();
    expect(delivery).toMatchObject({
      destination_id: id,
      booking_id: bookingId,
      event_type: "booking.created",
      status: "delivered",
      attempt_count: 1,
      next_attempt_at: null,
      last_status_code: 200,
      error_class: null,
    });
    expect(request?.headers["webhook-id"]).toBe(`msg_${delivery?.id}`);
    expect(await fixture.attempts(delivery?.id ?? "")).toMatchObject([
      {
        no: 1,
        status_code: 200,
        error_class: null,
        request_headers: {
          "webhook-id": `msg_${delivery?.id}`,
          "webhook-signature": request?.headers["webhook-signature"],
        },
        request_body: request?.body,
        response_headers: { "content-length": "9" },
        response_body: "thank you",
        connect_ms: expect.any(Number) as number,
        first_byte_ms: expect.any(Number) as number,
      },
    ]);
  });

  it("is not made for events of other types", async () => {
    const fixture = await begin();
    const receiver = await fixture.receiver();
    await fixture.destination(receiver.url, { event_types: ["booking.updated"] });
    fixture.worker();
    await fixture.change(await fixture.book(), "Another title");
    await until(() => receiver.requests.length > 0);
    expect((await fixture.deliveries()).map((row) => row.event_type)).toEqual(["booking.updated"]);
  });

  it("is skipped, with the reason, when the profile has nothing to say", async () => {
    const fixture = await begin();
    const receiver = await fixture.receiver();
    await fixture.destination(receiver.url, {
      profile: "external_calendar",
      payload_mode: "compat",
      filter: null,
    });
    fixture.worker();
    await fixture.book();
    await until(async () => (await statuses(fixture))[0] === "skipped");
    expect(await fixture.deliveries()).toMatchObject([
      { attempt_count: 0, skip_reason: expect.stringContaining("has not changed") },
    ]);
    expect(receiver.requests).toEqual([]);
  });
});

describe("a failed attempt", () => {
  it("is repeated by the schedule under the same id, until the schedule ends", async () => {
    const clock = standingClock();
    const fixture = await begin(clock);
    const receiver = await fixture.receiver(failing(500));
    await fixture.destination(receiver.url);
    fixture.worker();
    await fixture.book();
    const waits: (number | null)[] = [];
    for (const attempt of [1, 2, 3]) {
      await until(async () => (await fixture.deliveries())[0]?.attempt_count === attempt);
      const [delivery] = await fixture.deliveries();
      const next = delivery?.next_attempt_at ?? null;
      waits.push(next === null ? null : Date.parse(next) - clock.now().getTime());
      clock.advance((waits.at(-1) ?? 0) - 1);
      fixture.wake.signal("deliveries");
      clock.advance(1);
      fixture.wake.signal("deliveries");
    }
    expect(waits).toEqual([5_000, 300_000, null]);
    const [delivery] = await fixture.deliveries();
    expect(delivery).toMatchObject({ status: "exhausted", error_class: "http_5xx" });
    expect((await fixture.attempts(delivery?.id ?? "")).map(({ no }) => no)).toEqual([1, 2, 3]);
    const headers = receiver.requests.map((request) => request.headers);
    expect(new Set(headers.map((header) => header["webhook-id"])).size).toBe(1);
    expect(new Set(headers.map((header) => header["webhook-timestamp"])).size).toBe(3);
  });

  it("is repeated as late as the receiver asks for", async () => {
    const clock = standingClock();
    const fixture = await begin(clock);
    const receiver = await fixture.receiver(failing(503, { "retry-after": "120" }));
    await fixture.destination(receiver.url);
    fixture.worker();
    await fixture.book();
    await until(async () => (await statuses(fixture))[0] === "retrying");
    const [delivery] = await fixture.deliveries();
    expect(Date.parse(delivery?.next_attempt_at ?? "") - clock.now().getTime()).toBe(120_000);
  });

  it("with 429 keeps further deliveries back without using up their attempts", async () => {
    const clock = standingClock();
    const fixture = await begin(clock);
    const receiver = await fixture.receiver(failing(429, { "retry-after": "30" }));
    await fixture.destination(receiver.url);
    fixture.worker();
    await fixture.book();
    await until(async () => (await statuses(fixture))[0] === "retrying");
    await fixture.book();
    const other = await fixture.receiver();
    await fixture.destination(other.url);
    await fixture.book();
    await until(() => other.requests.length === 1);
    expect(receiver.requests).toHaveLength(1);
    receiver.answer((_request, response) => response.end());
    clock.advance(30_001);
    fixture.wake.signal("deliveries");
    await until(() => allDelivered(fixture));
  });

  it.each([
    [429, 1],
    [502, 3],
    [503, 3],
    [504, 3],
  ])(
    "with %i has all processes leave the destination alone after %i in a row, longer each time",
    async (status, inARow) => {
      const clock = standingClock();
      const fixture = await begin(clock);
      const receiver = await fixture.receiver(failing(status));
      const { id } = await fixture.destination(receiver.url);
      const held = async (): Promise<number> =>
        (await heldUntil(fixture, id)) - clock.now().getTime();
      const retrying = async (count: number): Promise<void> =>
        until(
          async () => (await statuses(fixture)).filter((s) => s === "retrying").length === count,
        );
      const worker = fixture.worker();
      for (let count = 1; count <= inARow; count += 1) {
        expect(await heldUntil(fixture, id)).toBe(0);
        await fixture.book();
        clock.advance(1);
        fixture.wake.signal("deliveries");
        await retrying(count);
      }
      expect(await held()).toBe(1_000);
      // Another process, which was never answered by it.
      const other = fixture.worker();
      await fixture.book();
      await until(() => other.health().lastClaimAt !== null);
      expect((await statuses(fixture)).at(-1)).toBe("pending");
      await other.stop(0);
      clock.advance(1_000);
      await retrying(inARow + 1);
      expect(await held()).toBe(2_000);
      receiver.answer((_request, response) => response.end());
      clock.advance(10_000);
      await until(() => allDelivered(fixture));
      expect(worker.health().inFlight).toBe(0);
    },
  );

  it("that Make will never take is given up, and tried again while its queue is full", async () => {
    const fixture = await begin(standingClock());
    const receiver = await fixture.receiver((_request, response) => {
      response.writeHead(400).end("Queue is full");
    });
    await fixture.destination(receiver.url, { profile: "make" });
    fixture.worker();
    await fixture.book();
    await until(async () => (await statuses(fixture))[0] === "retrying");
    receiver.answer((_request, response) => response.writeHead(400).end("Validation failed"));
    await fixture.book();
    await until(async () => (await statuses(fixture))[1] === "exhausted");
    expect(await fixture.deliveries()).toMatchObject([
      { error_class: "http_4xx", attempt_count: 1 },
      { error_class: "rejected", attempt_count: 1 },
    ]);
  });

  it("is the beginning of a time without success, which the next success ends", async () => {
    const clock = standingClock();
    const fixture = await begin(clock);
    const receiver = await fixture.receiver(failing(500));
    const { id } = await fixture.destination(receiver.url);
    const failingSince = async (): Promise<string | null> =>
      (await getDestination(fixture.deps, fixture.orgId, id)).failing_since;
    fixture.worker();
    await fixture.book();
    await until(async () => (await statuses(fixture))[0] === "retrying");
    const began = clock.now().toISOString();
    expect(await failingSince()).toBe(began);
    clock.advance(5_000);
    fixture.wake.signal("deliveries");
    await until(async () => (await fixture.deliveries())[0]?.attempt_count === 2);
    expect(await failingSince()).toBe(began);
    receiver.answer((_request, response) => response.end());
    await fixture.book();
    await until(async () => (await statuses(fixture))[1] === "delivered");
    expect(await failingSince()).toBeNull();
  });

  it("with 410 disables the destination and cancels what is open", async () => {
    const clock = standingClock();
    const fixture = await begin(clock);
    const receiver = await fixture.receiver(failing(500));
    const { id } = await fixture.destination(receiver.url);
    fixture.worker();
    await fixture.book();
    await until(async () => (await statuses(fixture))[0] === "retrying");
    receiver.answer(failing(410));
    await fixture.book();
    await until(
      async () => (await getDestination(fixture.deps, fixture.orgId, id)).status === "disabled",
    );
    await fixture.book();
    expect(await statuses(fixture)).toEqual(["cancelled", "exhausted", "skipped"]);
    expect(await getDestination(fixture.deps, fixture.orgId, id)).toMatchObject({
      disabled_reason: "The receiver answered 410 Gone: it wants no more messages.",
    });
  });

  it("with another word for it is disabled by what it answered", async () => {
    const fixture = await begin();
    const receiver = await fixture.receiver((_request, response) =>
      response.writeHead(404).end("no_service"),
    );
    const { id } = await fixture.destination(receiver.url, { profile: "slack" });
    fixture.worker();
    await fixture.book();
    await until(
      async () => (await getDestination(fixture.deps, fixture.orgId, id)).status === "disabled",
    );
    expect(await getDestination(fixture.deps, fixture.orgId, id)).toMatchObject({
      disabled_reason: "The receiver answered 404 no_service: it wants no more messages.",
    });
  });
});

describe("the order of a booking's deliveries", () => {
  it("is kept while one of them fails, and other bookings pass it", async () => {
    const clock = standingClock();
    const fixture = await begin(clock);
    const receiver = await fixture.receiver();
    await fixture.destination(receiver.url);
    const stuck = await fixture.book();
    receiver.answer((request, response) => {
      response.statusCode = versionIn(request.body).bookingId === stuck ? 500 : 200;
      response.end();
    });
    fixture.worker();
    await until(async () => (await statuses(fixture))[0] === "retrying");
    await fixture.change(stuck, "second", "third");
    const free = await fixture.book();
    await fixture.change(free, "second", "third");
    await until(
      async () => (await statuses(fixture)).filter((s) => s === "delivered").length === 3,
    );
    expect(await statuses(fixture)).toEqual([
      "retrying",
      "pending",
      "pending",
      "delivered",
      "delivered",
      "delivered",
    ]);

    receiver.answer((_request, response) => response.end());
    clock.advance(5_000);
    fixture.wake.signal("deliveries");
    await until(() => allDelivered(fixture));
    const versions = receiver.requests
      .map((request) => versionIn(request.body))
      .filter(({ bookingId }) => bookingId === stuck);
    expect(versions.map(({ version }) => version)).toEqual([1, 1, 2, 3]);
  });

  it("does not matter to a destination that says so", async () => {
    const fixture = await begin(standingClock());
    const receiver = await fixture.receiver((request, response) => {
      response.statusCode = versionIn(request.body).version === 1 ? 500 : 200;
      response.end();
    });
    await fixture.destination(receiver.url, { ordering: "none" });
    fixture.worker();
    await fixture.change(await fixture.book(), "second");
    await until(async () => (await statuses(fixture)).includes("delivered"));
    expect(await statuses(fixture)).toEqual(["retrying", "delivered"]);
  });
});

describe("a receiver that never answers", () => {
  it("does not hold up the others", async () => {
    const fixture = await begin();
    const dead = await fixture.receiver(() => {});
    const alive = await fixture.receiver();
    await fixture.destination(dead.url);
    await fixture.destination(alive.url);
    fixture.worker();
    for (let count = 0; count < 40; count += 1) await fixture.book();
    await until(() => alive.requests.length === 40);
    await until(
      async () => (await statuses(fixture)).filter((s) => s === "delivered").length === 40,
    );
    expect(dead.requests.length).toBeLessThanOrEqual(16);
  });

  it("gets fewer requests at once after it has used up its time", async () => {
    const fixture = await begin(standingClock());
    const dead = await fixture.receiver(() => {});
    await fixture.destination(dead.url);
    await Promise.all(Array.from({ length: 40 }, () => fixture.book()));
    const worker = fixture.worker({ sendTimeout: 400 });
    await until(() => dead.requests.length === 16);
    await until(() => dead.requests.length > 16);
    expect(worker.health().inFlight).toBeLessThanOrEqual(2);
  });
});

describe("a worker that dies", () => {
  it("has its deliveries sent again, under the same id, when its lease ends", async () => {
    const clock = standingClock();
    const fixture = await begin(clock);
    const receiver = await fixture.receiver();
    await fixture.destination(receiver.url);
    await fixture.book();
    const claim = {
      now: clock.now(),
      leaseUntil: new Date(clock.now().getTime() + 60_000),
      token: "00000000-0000-4000-8000-000000000000",
      limit: 10,
      slots: 10,
      limited: new Map<string, number>(),
    };
    const [lost] = await claimDeliveries(test.db, claim);
    const worker = fixture.worker();
    clock.advance(59_000);
    fixture.wake.signal("deliveries");
    await until(() => worker.health().lastClaimAt?.getTime() === clock.now().getTime());
    expect(await statuses(fixture)).toEqual(["sending"]);
    clock.advance(1_000);
    fixture.wake.signal("deliveries");
    await until(() => allDelivered(fixture));
    expect(receiver.requests[0]?.headers["webhook-id"]).toBe(`msg_${lost?.delivery_id}`);
  });

  it("is not let down by the same delivery for ever", async () => {
    const clock = standingClock();
    const fixture = await begin(clock);
    const receiver = await fixture.receiver();
    await fixture.destination(receiver.url);
    await fixture.book();
    for (let count = 0; count < 6; count += 1) {
      await claimDeliveries(test.db, {
        now: clock.now(),
        leaseUntil: new Date(clock.now().getTime() + 60_000),
        token: "00000000-0000-4000-8000-000000000000",
        limit: 10,
        slots: 10,
        limited: new Map<string, number>(),
      });
      clock.advance(60_000);
    }
    fixture.worker();
    await until(async () => (await statuses(fixture))[0] === "exhausted");
    expect(await fixture.deliveries()).toMatchObject([{ error_class: "lease_lost" }]);
    expect(receiver.requests).toEqual([]);
  });
});

describe("stopping", () => {
  it("lets what is under way finish and takes nothing new", async () => {
    const fixture = await begin();
    let answer = (): void => {};
    const receiver = await fixture.receiver((_request, response) => {
      answer = () => response.end();
    });
    await fixture.destination(receiver.url);
    const worker = fixture.worker();
    const bookingId = await fixture.book();
    await until(() => receiver.requests.length === 1);
    const stopped = worker.stop(10_000);
    await fixture.change(bookingId, "second");
    answer();
    await stopped;
    expect(await statuses(fixture)).toEqual(["delivered", "pending"]);
  });

  it("gives leases back when its time is up", async () => {
    const fixture = await begin();
    const receiver = await fixture.receiver(() => {});
    await fixture.destination(receiver.url);
    const worker = fixture.worker();
    await fixture.book();
    await until(() => receiver.requests.length === 1);
    await worker.stop(0);
    expect(await fixture.deliveries()).toMatchObject([{ status: "pending", attempt_count: 0 }]);

    receiver.answer((_request, response) => response.end());
    fixture.worker();
    await until(() => allDelivered(fixture));
  });
});

describe("a secret that was rotated", () => {
  it("still signs beside the new one for a day", async () => {
    const clock = standingClock();
    const fixture = await begin(clock);
    const receiver = await fixture.receiver();
    const { id, secret } = await fixture.destination(receiver.url);
    fixture.worker();
    await fixture.book();
    await until(() => receiver.requests.length === 1);
    const rotated = await rotateSecret(fixture.deps, hubAuthor(fixture.orgId), id);
    await fixture.book();
    await until(() => receiver.requests.length === 2);
    await until(() => allDelivered(fixture));
    const [, during] = receiver.requests;
    for (const known of [secret, rotated.secret]) {
      expect(() =>
        new Webhook(known).verify(during?.body ?? "", during?.headers ?? {}),
      ).not.toThrow();
    }
    expect(during?.headers["webhook-signature"]?.split(" ")).toHaveLength(2);

    clock.advance(24 * 60 * 60 * 1000);
    await fixture.book();
    await until(() => receiver.requests.length === 3);
    expect(receiver.requests[2]?.headers["webhook-signature"]?.split(" ")).toHaveLength(1);
  });
});

describe("a destination that hears of nothing", () => {
  it("gets what happened during a pause when it is resumed", async () => {
    const fixture = await begin();
    const receiver = await fixture.receiver();
    const { id } = await fixture.destination(receiver.url);
    await pauseDestination(fixture.deps, hubAuthor(fixture.orgId), id);
    const worker = fixture.worker();
    await until(() => worker.health().lastClaimAt !== null);
    const before = worker.health().lastClaimAt;
    await fixture.book();
    await until(() => worker.health().lastClaimAt !== before);
    expect(await statuses(fixture)).toEqual(["pending"]);
    await resumeDestination(fixture.deps, hubAuthor(fixture.orgId), id);
    await until(() => allDelivered(fixture));
  });

  it("has its open deliveries cancelled when it is deleted, but not what arrives all the same", async () => {
    const fixture = await begin();
    let answer = (): void => {};
    const receiver = await fixture.receiver((_request, response) => {
      answer = () => response.end();
    });
    const { id } = await fixture.destination(receiver.url);
    fixture.worker();
    await fixture.change(await fixture.book(), "second");
    await until(() => receiver.requests.length === 1);
    await deleteDestination(fixture.deps, hubAuthor(fixture.orgId), id);
    expect(await statuses(fixture)).toEqual(["cancelled", "cancelled"]);
    answer();
    await until(async () => (await statuses(fixture))[0] === "delivered");
    expect(await statuses(fixture)).toEqual(["delivered", "cancelled"]);
  });
});
