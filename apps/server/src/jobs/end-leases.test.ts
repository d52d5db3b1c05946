import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { destinationFixture } from "../../test/destination-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import { system } from "../db/database.ts";
import { claimDeliveries, type ClaimedRow } from "../destinations/queries.ts";
import { endLeases } from "./end-leases.ts";

const MINUTE = 60_000;

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(() => opened.close());

const claim = (): Promise<ClaimedRow[]> =>
  claimDeliveries(opened.db, {
    now: new Date(),
    leaseUntil: new Date(Date.now() + MINUTE),
    token: randomUUID(),
    limit: 10,
    slots: 10,
    limited: new Map(),
  });

test("what a killed process was at work on is due at once, and counts as a lost lease", async () => {
  const fixture = await destinationFixture(opened.db);
  await fixture.destination("http://127.0.0.1:9/");
  await fixture.book();
  const [lost] = await claim();
  expect(await claim()).toEqual([]);

  await endLeases(opened.db);
  expect(await claim()).toMatchObject([{ delivery_id: lost?.delivery_id, lost_leases: 1 }]);
  await fixture.close();
});

test("schedules and messages that nobody is at work on any more are free", async () => {
  const leased = (): Promise<{ name: string }[]> =>
    opened.db.transaction(system, (tx) =>
      tx.query("SELECT name FROM schedule WHERE lease_until IS NOT NULL"),
    );
  await opened.db.transaction(system, (tx) =>
    tx.query(
      `INSERT INTO schedule (name, cron, next_run_at, lease_until, lease_token)
       VALUES ('tidy', '0 3 * * *', now(), now() + interval '1 hour', gen_random_uuid())`,
    ),
  );
  expect(await leased()).toEqual([{ name: "tidy" }]);
  await endLeases(opened.db);
  expect(await leased()).toEqual([]);
});
