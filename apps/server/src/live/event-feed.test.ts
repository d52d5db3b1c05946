import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { book } from "../../test/stream-hub.ts";
import {
  createTestOrganisation,
  openTestDatabase,
  type TestDatabase,
} from "../../test/test-database.ts";
import { until } from "../../test/until.ts";
import type { Database, Statement } from "../db/database.ts";
import { createLocalWake } from "../db/local-wake.ts";
import { EventFeed, type TailLease } from "./event-feed.ts";

let test: TestDatabase;
/** Reads of the log and of positions, as the database saw them. */
let reads: string[] = [];
let failing = false;
let feed: EventFeed;
const wake = createLocalWake();
const orgs: string[] = [];

/** The database, with its statements noted. */
function watched(db: Database): Database {
  const note = (statement: Statement | string): void => {
    reads.push(typeof statement === "string" ? statement : statement.name);
    if (failing) throw new Error("the database is gone");
  };
  return {
    ...db,
    query: async (statement, values) => {
      note(statement);
      return db.query(statement, values);
    },
    transaction: (scope, work) =>
      db.transaction(scope, (tx) =>
        work({
          ...tx,
          query: async (statement, values) => {
            note(statement);
            return tx.query(statement, values);
          },
        }),
      ),
  };
}

beforeAll(async () => {
  test = await openTestDatabase();
  for (let count = 0; count < 3; count += 1)
    orgs.push((await createTestOrganisation(test.db)).orgId);
});
beforeEach(() => {
  failing = false;
  feed = new EventFeed(
    { db: watched(test.db), wake, log: pino({ enabled: false }) },
    { pollInterval: 30 },
  );
});
afterEach(() => feed.close());
afterAll(() => test.close());

const org = (index: number): string => orgs[index] ?? "";
const seqsAfter = ({ tail }: TailLease, seq: number): number[] | undefined =>
  tail.framesAfter(seq)?.map((frame) => frame.seq);

it("reads each event once, however many follow, and shares its bytes", async () => {
  const leases = await Promise.all(Array.from({ length: 20 }, () => feed.lease(org(0))));
  const start = leases[0]?.tail.position ?? 0;
  reads = [];
  await book(test.db, org(0), 5);
  wake.signal("events");
  await until(() => leases.every(({ tail }) => tail.position === start + 5));
  // A poll may come between; twenty followers must not mean twenty reads.
  expect(reads.filter((name) => name === "ledger_events").length).toBeLessThan(5);
  const frames = leases.map(({ tail }) => tail.framesAfter(start)?.[4]);
  expect(new Set(frames).size).toBe(1);
});

it("asks nothing of the database while nobody follows", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const lease = await feed.lease(org(0));
    const other = await feed.lease(org(0));
    lease.release();
    lease.release();
    expect(vi.getTimerCount()).toBe(1);
    reads = [];
    vi.advanceTimersByTime(30);
    await until(() => reads.length === 1);
    other.release();
    expect(vi.getTimerCount()).toBe(0);
    wake.signal("events");
    await new Promise((resolve) => setImmediate(resolve));
    expect(reads).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});

it("looks after many organisations with one query, and reads only those that moved", async () => {
  const leases = [await feed.lease(org(0)), await feed.lease(org(1)), await feed.lease(org(2))];
  const [, moved] = leases;
  const start = moved?.tail.position ?? 0;
  reads = [];
  await book(test.db, org(1), 1);
  wake.signal("events");
  await until(() => moved?.tail.position === start + 1);
  expect(reads.filter((name) => name === "ledger_events")).toHaveLength(1);
});

it("keeps only the end of the log, and says who is too far behind", async () => {
  const lease = await feed.lease(org(0));
  const start = lease.tail.position;
  await book(test.db, org(0), 1100);
  await lease.tail.advance();
  expect(lease.tail.position).toBe(start + 1100);
  expect(lease.tail.framesAfter(start)).toBeNull();
  expect(seqsAfter(lease, start + 1098)).toEqual([start + 1099, start + 1100]);
  expect(seqsAfter(lease, start + 1100)).toEqual([]);
  expect(seqsAfter(lease, start + 9999)).toEqual([]);

  // 12 events of 400 kB: fewer are kept when they are large.
  await book(test.db, org(0), 12, 400_000);
  await lease.tail.advance();
  const kept = lease.tail.framesAfter(start + 1111);
  expect(kept).toHaveLength(1);
  expect(lease.tail.framesAfter(start + 1100)).toBeNull();
});

it("goes on after the database was away", async () => {
  const lease = await feed.lease(org(0));
  const start = lease.tail.position;
  failing = true;
  await book(test.db, org(0), 1);
  wake.signal("events");
  await expect(feed.lease(org(1))).rejects.toThrow("gone");
  expect(lease.tail.position).toBe(start);
  failing = false;
  await until(() => lease.tail.position === start + 1);
});
