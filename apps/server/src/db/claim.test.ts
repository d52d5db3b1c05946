import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  createTestConnection,
  createTestOrganisation,
  openTestDatabase,
  type TestDatabase,
} from "../../test/test-database.ts";
import { ManualClock } from "../clock.ts";
import { createQueue, type Lease, type Queue } from "./claim.ts";
import { type Database, system, tenant } from "./database.ts";

interface Message {
  readonly org_id: string;
  readonly id: string;
  readonly summary: string;
}

const definition = {
  table: "inbound_message",
  key: ["org_id", "id"],
  columns: ["summary"],
  waiting: "due.status = 'received'",
  dueAt: "next_attempt_at",
  maxAttempts: 3,
  giveUp: () => ({ status: "failed", error_code: "E_INTERNAL" }),
} as const;

let opened: TestDatabase;
let db: Database;
let orgId: string;
let connectionId: string;
let clock: ManualClock;
let queue: Queue<Message>;

beforeAll(async () => {
  opened = await openTestDatabase();
  db = opened.db;
});
afterAll(() => opened.close());
beforeEach(async () => {
  ({ orgId } = await createTestOrganisation(db));
  ({ connectionId } = await createTestConnection(db, orgId));
  clock = new ManualClock("2026-11-20T10:00:00Z");
  // Tests share the table: each sees only its own organisation's rows as waiting.
  queue = createQueue<Message>({
    ...definition,
    waiting: `due.status = 'received' AND due.org_id = '${orgId}'`,
  });
});

/** @param due RFC 3339 instant from which the message is due; null for at once */
async function insertMessage(summary: string, due: string | null = null): Promise<void> {
  await db.transaction(tenant(orgId), (tx) =>
    tx.kysely
      .insertInto("inbound_message")
      .values({
        org_id: orgId,
        id: randomUUID(),
        connection_id: connectionId,
        dedupe_key: createHash("sha256").update(summary).digest(),
        status: "received",
        summary,
        signature_state: "valid",
        headers: "{}",
        body: Buffer.from("{}"),
        next_attempt_at: due,
        received_at: clock.now(),
      })
      .execute(),
  );
}

const claim = (limit = 10, leaseSeconds = 60): Promise<(Message & Lease)[]> =>
  db.transaction(system, (tx) => queue.claim(tx, { limit, leaseSeconds, now: clock.now() }));

const settle = (row: Message & Lease, changes: Record<string, unknown>): Promise<boolean> =>
  db.transaction(system, (tx) => queue.settle(tx, row, changes));

const summaries = (rows: readonly Message[]): string[] => rows.map((row) => row.summary);

async function first(rows: Promise<(Message & Lease)[]>): Promise<Message & Lease> {
  const row = (await rows)[0];
  if (row === undefined) throw new Error("nothing was claimed");
  return row;
}

describe("claiming", () => {
  test("gives the rows that are due, the longest due first, and no more than asked for", async () => {
    await insertMessage("third", "2026-11-20T09:59:59Z");
    await insertMessage("not yet", "2026-11-20T10:00:01Z");
    await insertMessage("second", "2026-11-20T09:00:00Z");
    await insertMessage("first");
    expect(summaries(await claim(2))).toEqual(["first", "second"]);
    expect(summaries(await claim(2))).toEqual(["third"]);
    clock.advance(1000);
    expect(summaries(await claim(2))).toEqual(["not yet"]);
  });

  test("leaves rows alone that are not waiting", async () => {
    await insertMessage("done");
    await settle(await first(claim()), { status: "processed" });
    clock.advance(3_600_000);
    expect(await claim()).toEqual([]);
  });

  test("gives a row again when its lease has run out, and not before", async () => {
    await insertMessage("slow");
    await claim(1, 60);
    clock.advance(59_999);
    expect(await claim()).toEqual([]);
    clock.advance(1);
    expect(await claim()).toMatchObject([{ summary: "slow", attempts: 2 }]);
  });

  test("gives a row up that was claimed too often without being settled", async () => {
    await insertMessage("poison");
    await insertMessage("good", "2026-11-20T10:10:00Z");
    for (const attempts of [1, 2, 3]) {
      expect(await claim(1)).toMatchObject([{ summary: "poison", attempts }]);
      clock.advance(60_000);
    }
    expect(await claim()).toEqual([]);
    const [kept] = await db.transaction(tenant(orgId), (tx) =>
      tx.query(
        `SELECT status, error_code, lease_token FROM inbound_message
                 WHERE org_id = $1 AND summary = 'poison'`,
        [orgId],
      ),
    );
    expect(kept).toEqual({ status: "failed", error_code: "E_INTERNAL", lease_token: null });
    clock.advance(3_600_000);
    expect(summaries(await claim())).toEqual(["good"]);
  });

  test("never gives one row to two workers", async () => {
    const names = Array.from({ length: 60 }, (_, i) => `message ${i}`);
    for (const name of names) await insertMessage(name);
    const workers = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const mine: string[] = [];
        for (let rows = await claim(3); rows.length > 0; rows = await claim(3)) {
          mine.push(...summaries(rows));
        }
        return mine;
      }),
    );
    // A row that was seen locked is skipped, and left for the next claim.
    const claimed = [...workers.flat(), ...summaries(await claim(60))];
    expect(claimed.toSorted()).toEqual(names.toSorted());
  });
});

describe("settling", () => {
  test("writes the outcome and ends the lease", async () => {
    await insertMessage("retried");
    const row = await first(claim());
    expect(await settle(row, { next_attempt_at: new Date("2026-11-20T10:05:00Z") })).toBe(true);
    clock.advance(299_999);
    expect(await claim()).toEqual([]);
    clock.advance(1);
    expect(await claim()).toMatchObject([{ summary: "retried", attempts: 2 }]);
  });

  test("is refused to a worker whose lease went to another one", async () => {
    await insertMessage("contended");
    const stale = await first(claim());
    clock.advance(60_000);
    const current = await first(claim());
    expect(await settle(stale, { status: "failed" })).toBe(false);
    expect(await settle(current, { status: "processed" })).toBe(true);
  });

  test("is refused the second time", async () => {
    await insertMessage("once");
    const row = await first(claim());
    expect(await settle(row, { status: "processed" })).toBe(true);
    expect(await settle(row, { status: "failed" })).toBe(false);
  });

  test("releasing makes the row due at once and forgets the attempt", async () => {
    await insertMessage("released");
    const row = await first(claim());
    expect(await db.transaction(system, (tx) => queue.release(tx, row))).toBe(true);
    expect(await claim()).toMatchObject([{ summary: "released", attempts: 1 }]);
  });
});

test("with a condition on earlier rows, many workers keep each group's order", async () => {
  // One group per second of `received_at`; within it, the order is that of the summary.
  const ordered = createQueue<Message & { received_at: Date }>({
    ...definition,
    columns: ["summary", "received_at"],
    waiting: `due.status = 'received' AND due.org_id = '${orgId}' AND NOT EXISTS (
      SELECT FROM inbound_message earlier
       WHERE earlier.org_id = due.org_id AND earlier.received_at = due.received_at
         AND earlier.summary < due.summary AND earlier.status = 'received')`,
  });
  const total = 48;
  for (let i = 0; i < total; i++) {
    if (i % 12 === 0) clock.advance(1000);
    await insertMessage(`message ${String(i).padStart(2, "0")}`);
  }
  const finished: { group: number; summary: string }[] = [];
  const worker = async (): Promise<void> => {
    while (finished.length < total) {
      const options = { limit: 2, leaseSeconds: 60, now: clock.now() };
      const rows = await db.transaction(system, (tx) => ordered.claim(tx, options));
      for (const row of rows) {
        finished.push({ group: row.received_at.getTime(), summary: row.summary });
        await db.transaction(system, (tx) => ordered.settle(tx, row, { status: "processed" }));
      }
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  expect(finished).toHaveLength(total);
  for (const [, group] of Map.groupBy(finished, (row) => row.group)) {
    const order = group.map((row) => row.summary);
    expect(order).toEqual(order.toSorted());
  }
});
