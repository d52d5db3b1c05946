import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { destinationFixture } from "../../test/destination-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import { type Queryable, system, tenant } from "../db/database.ts";
import { claimDeliveries, type ClaimedRow, settleDeliveries } from "./queries.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());

const claim = (db: Queryable, token: string, slots = 16): Promise<ClaimedRow[]> =>
  claimDeliveries(db, {
    now: new Date(),
    leaseUntil: new Date(Date.now() + 60_000),
    token,
    limit: 64,
    slots,
    limited: new Map(),
  });

/** How many deliveries and events the transaction has read so far. */
async function rowsRead(tx: Queryable): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `SELECT sum(seq_tup_read + idx_tup_fetch)::int AS n FROM pg_stat_xact_user_tables
      WHERE relname IN ('delivery', 'booking_event', 'operational_event')`,
  );
  return row?.n ?? 0;
}

/** Claims what is due and settles it as delivered. */
async function claimAndSettle(
  tx: Queryable,
): Promise<{ taken: number; claimed: number; settled: number }> {
  const token = randomUUID();
  const before = await rowsRead(tx);
  const rows = await claim(tx, token);
  const afterClaim = await rowsRead(tx);
  const now = new Date();
  await settleDeliveries(
    tx,
    rows.map((row) => ({
      org_id: row.org_id,
      destination_id: row.destination_id,
      hold_until: null,
      delivery_id: row.delivery_id,
      lease_token: token,
      status: "delivered" as const,
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
      response_body: null,
      dns_ms: null,
      connect_ms: null,
      tls_ms: null,
      first_byte_ms: null,
      total_ms: 1,
    })),
  );
  const settled = (await rowsRead(tx)) - afterClaim;
  return { taken: rows.length, claimed: afterClaim - before, settled };
}

describe("a claim and a settlement read what they take and not the backlog", () => {
  const backlog = (orgId: string) =>
    test.db.transaction(tenant(orgId), (tx) =>
      tx.query(
        `INSERT INTO booking (org_id, starts_at, ends_at)
         SELECT $1, now(), now() FROM generate_series(1, 2000)`,
        [orgId],
      ),
    );

  it("though nobody has analysed the tables", async () => {
    const fixture = await destinationFixture(test.db);
    await fixture.destination("http://127.0.0.1:9/");
    await backlog(fixture.orgId);
    const { taken, claimed, settled } = await test.db.transaction(system, claimAndSettle);
    expect(taken).toBe(16);
    expect(claimed).toBeGreaterThanOrEqual(16);
    expect(claimed).toBeLessThan(1000);
    expect(settled).toBeLessThan(1000);
    await fixture.close();
  });

  it("though they were planned while there was a single delivery", async () => {
    const fixture = await destinationFixture(test.db);
    await fixture.destination("http://127.0.0.1:9/");
    await fixture.book();
    await test.db.script("VACUUM ANALYZE delivery, booking_event, operational_event");
    expect((await claimAndSettle(test.db)).taken).toBe(1);
    await backlog(fixture.orgId);
    const { taken, claimed, settled } = await test.db.transaction(system, claimAndSettle);
    expect(taken).toBe(16);
    expect(claimed).toBeLessThan(1000);
    expect(settled).toBeLessThan(1000);
    await fixture.close();
  });
});

it("claims of two workers never overlap", async () => {
  const fixture = await destinationFixture(test.db);
  await fixture.destination("http://127.0.0.1:9/", { ordering: "none" });
  const bookingId = await fixture.book();
  await fixture.change(bookingId, ...Array.from({ length: 40 }, (_, n) => `Version ${n + 2}`));
  const claims = await Promise.all(
    Array.from({ length: 4 }, () => claim(test.db, randomUUID(), 8)),
  );
  const ids = claims.flat().map((row) => row.delivery_id);
  expect(new Set(ids).size).toBe(ids.length);
  // Nobody waits for a row that somebody else is about to take.
  expect(ids.length).toBeGreaterThan(0);
  await fixture.close();
});
