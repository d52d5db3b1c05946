import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { destinationFixture } from "../../test/destination-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import type { Queryable } from "../db/database.ts";
import { claimDeliveries, type ClaimedRow, type Outcome } from "./queries.ts";
import { SettleQueue } from "./settle-queue.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());

const token = randomUUID();

function deliveredOutcome(row: ClaimedRow): Outcome {
  const now = new Date();
  return {
    org_id: row.org_id,
    destination_id: row.destination_id,
    hold_until: null,
    delivery_id: row.delivery_id,
    lease_token: token,
    status: "delivered",
    skip_reason: null,
    next_attempt_at: null,
    delivered_at: now,
    at: now,
    status_code: 200,
    error_class: null,
    error: null,
    request_headers: null,
    request_body: null,
    batch_delivery_ids: null,
    response_headers: null,
    response_body: "",
    dns_ms: null,
    connect_ms: null,
    tls_ms: null,
    first_byte_ms: null,
    total_ms: 1,
  };
}

const claim = (): Promise<ClaimedRow[]> =>
  claimDeliveries(test.db, {
    now: new Date(),
    leaseUntil: new Date(Date.now() + 60_000),
    token,
    limit: 100,
    slots: 100,
    limited: new Map(),
  });

it("writes in one statement what ends together, and an outcome that cannot be written takes no other down", async () => {
  const fixture = await destinationFixture(test.db);
  await fixture.destination("http://127.0.0.1:9/");
  for (let count = 0; count < 5; count += 1) await fixture.book();
  const rows = await claim();
  expect(rows).toHaveLength(5);

  let statements = 0;
  const counting: Queryable = {
    query: (statement, values) => {
      statements += 1;
      return test.db.query(statement, values);
    },
  };
  const queue = new SettleQueue(counting, pino({ level: "silent" }), 0);
  const outcomes = rows.map(deliveredOutcome);
  await Promise.all(outcomes.slice(0, 3).map((outcome) => queue.settle(outcome)));
  expect(statements).toBe(1);

  // PostgreSQL's jsonb refuses NUL.
  const [fourth, fifth] = outcomes.slice(3) as [Outcome, Outcome];
  await Promise.all([queue.settle({ ...fourth, error: "\0" }), queue.settle(fifth)]);
  const statuses = new Map((await fixture.deliveries()).map(({ id, status }) => [id, status]));
  expect(outcomes.map(({ delivery_id: id }) => statuses.get(id))).toEqual([
    "delivered",
    "delivered",
    "delivered",
    "sending",
    "delivered",
  ]);
  await fixture.close();
});

it("writes nothing for a lease that was lost", async () => {
  const fixture = await destinationFixture(test.db);
  await fixture.destination("http://127.0.0.1:9/");
  await fixture.book();
  const [row] = await claim();
  if (row === undefined) throw new Error("nothing was claimed");
  const queue = new SettleQueue(test.db, pino({ level: "silent" }), 0);
  await queue.settle({ ...deliveredOutcome(row), lease_token: randomUUID() });
  expect(await fixture.deliveries()).toMatchObject([{ status: "sending", attempt_count: 0 }]);
  expect(await fixture.attempts(row.delivery_id)).toEqual([]);
  await fixture.close();
});
