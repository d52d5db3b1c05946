import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { destinationFixture } from "../../test/destination-fixture.ts";
import type { Answering } from "../../test/receiver.ts";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import { until } from "../../test/until.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());

/** How a receiver treats one version of one booking. */
interface Treatment {
  /** Attempts that fail before one is accepted. */
  readonly failures: number;
  readonly how: "status" | "reset" | "hang";
  /** Milliseconds until it answers. */
  readonly pause: number;
}

const treatment = fc.record<Treatment>({
  failures: fc.nat({ max: 2 }),
  how: fc.constantFrom("status", "reset", "status", "reset", "hang"),
  pause: fc.nat({ max: 10 }),
});
const bookings = fc.array(fc.array(treatment, { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 6,
});

/** A receiver that treats as it is told, and notes whatever comes out of order. */
function unreliable(treatments: ReadonlyMap<string, readonly Treatment[]>) {
  const accepted = new Map<string, number>();
  const tries = new Map<string, number>();
  const violations: string[] = [];
  const answer: Answering = async (request, response) => {
    const { data } = JSON.parse(request.body) as {
      data: { booking_id: string; booking_version: number };
    };
    const { booking_id: booking, booking_version: version } = data;
    const last = accepted.get(booking) ?? 0;
    // The last one may come again: its answer may have been too late for the hub.
    if (version !== last && version !== last + 1) {
      violations.push(`${booking} v${version} after v${last}`);
    }
    const { failures, how, pause } = treatments.get(booking)?.[version - 1] ?? fail();
    const key = `${booking} ${version}`;
    const count = (tries.get(key) ?? 0) + 1;
    tries.set(key, count);
    await delay(pause);
    if (count > failures) {
      accepted.set(booking, version);
      response.end();
    } else if (how === "status") response.writeHead(500).end();
    else if (how === "reset") response.socket?.destroy();
  };
  return { answer, accepted, violations };
}

function fail(): never {
  throw new Error("the receiver was sent something that nobody made");
}

it("a booking's versions arrive one after the other, whatever the receiver does and however many workers send", async () => {
  await fc.assert(
    fc.asyncProperty(bookings, async (plan) => {
      const fixture = await destinationFixture(test.db);
      try {
        const treatments = new Map<string, readonly Treatment[]>();
        const { answer, accepted, violations } = unreliable(treatments);
        const receiver = await fixture.receiver(answer);
        await fixture.destination(receiver.url);
        const ids = await Promise.all(plan.map(() => fixture.book()));
        for (const [index, id] of ids.entries()) treatments.set(id, plan[index] ?? []);
        // Far more attempts than failures: a slow machine makes some of its own.
        const options = { retrySchedule: Array.from({ length: 50 }, () => 0), sendTimeout: 150 };
        fixture.worker(options);
        fixture.worker(options);
        await Promise.all(
          ids.map((id, index) => {
            const titles = (plan[index] ?? []).slice(1).map((_, n) => `Version ${n + 2}`);
            return fixture.change(id, ...titles);
          }),
        );
        const isDone = (): boolean =>
          ids.every((id, index) => accepted.get(id) === plan[index]?.length);
        await until(isDone, 20_000);
        expect(violations).toEqual([]);
      } finally {
        await fixture.close();
      }
    }),
    { numRuns: 6, endOnFailure: true },
  );
}, 60_000);
