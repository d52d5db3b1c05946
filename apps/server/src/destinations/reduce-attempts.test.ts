import { afterAll, beforeAll, expect, it } from "vitest";
import { destinationFixture } from "../../test/destination-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import { until } from "../../test/until.ts";
import { systemClock } from "../clock.ts";
import { reduceAttempts } from "./reduce-attempts.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());

const inDays = (days: number) => ({
  now: () => new Date(systemClock.now().getTime() + days * 24 * 60 * 60 * 1000),
});

it("what attempts sent and were answered goes in time, and what became of them stays", async () => {
  const fixture = await destinationFixture(test.db);
  const receiver = await fixture.receiver((_request, response) => response.end("Thank you, Jan."));
  await fixture.destination(receiver.url);
  const dead = await fixture.destination("http://127.0.0.1:9/");
  fixture.worker({ retrySchedule: [0, 3600] });
  await fixture.book();
  await until(async () =>
    (await fixture.deliveries()).every(({ status }) => ["delivered", "retrying"].includes(status)),
  );
  const deliveries = await fixture.deliveries();
  const arrived = deliveries.find(({ status }) => status === "delivered")?.id ?? "";
  const open = deliveries.find(({ destination_id: id }) => id === dead.id)?.id ?? "";
  const [before] = await fixture.attempts(arrived);
  expect(before).toMatchObject({ response_body: "Thank you, Jan.", status_code: 200 });
  expect(await reduceAttempts({ db: test.db, clock: inDays(29) })).toBe(0);
  expect(await reduceAttempts({ db: test.db, clock: inDays(31) })).toBe(1);
  expect(await fixture.attempts(arrived)).toEqual([
    {
      ...before,
      request_headers: null,
      request_body: null,
      response_headers: null,
      response_body: null,
    },
  ]);
  expect((await fixture.attempts(open))[0]?.request_body).toBeTruthy();
  expect(await reduceAttempts({ db: test.db, clock: inDays(31) })).toBe(0);
  await fixture.close();
});
