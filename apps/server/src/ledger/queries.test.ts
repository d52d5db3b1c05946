import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type LedgerFixture, ledgerFixture } from "../../test/ledger-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import { systemClock } from "../clock.ts";
import { type Queryable, system, tenant } from "../db/database.ts";
import { visit } from "../../test/booking-change.ts";
import type { Attendee, BookingChange } from "../domain/booking.ts";
import { type MessageDraft, messageRow } from "./message-draft.ts";
import { type LedgerSession, ledgerSession, type Lookup } from "./queries.ts";
import { type Recording, recordGroup } from "./record-group.ts";

/** A session keeps the plan of a statement at the sixth execution, for any values from then on. */
const EXECUTIONS = 8;
/** How many changes travel in one call of `ledger_find_all` and `ledger_write_all`. */
const TOGETHER = 16;
const BOOKINGS = 2000;

/** Rows read by table, and pages by index. */
type RowsRead = ReadonlyMap<string, number>;

/** What the calls of a session read, each for itself. */
interface Counts {
  readonly find: RowsRead[];
  readonly write: RowsRead[];
}

let test: TestDatabase;
let fixture: LedgerFixture;
beforeAll(async () => {
  // One connection: plans belong to the session that made them.
  test = await openTestDatabase(1);
  await keepUnanalysed();
  fixture = await ledgerFixture(test.db);
  for (let n = 0; n < EXECUTIONS; n += 1) await rowsReadBy(1);
  for (let n = 0; n < EXECUTIONS; n += 1) await rowsReadBy(TOGETHER);
  await fill();
}, 120_000);
afterAll(() => test.close());

/**
 * As a database is until somebody analyses it. Where autovacuum looks by while the tables are filled,
 * what it finds of a few rows is true until it comes by again, a minute later.
 */
async function keepUnanalysed(): Promise<void> {
  const tables = await test.db.transaction(system, (tx) =>
    tx.query<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
    ),
  );
  const off = tables.map(({ name }) => `ALTER TABLE "${name}" SET (autovacuum_enabled = false);`);
  await test.db.script(off.join("\n"));
}

async function fill(): Promise<void> {
  const uids = Array.from({ length: BOOKINGS }, (_, n) => `filled-${n}`);
  await Promise.all(uids.map((uid) => fixture.record(created(uid), fixture.message(uid))));
  await test.db.transaction(tenant(fixture.orgId), async (tx) => {
    await tx.query(
      `INSERT INTO subject (org_id, customer_id, name, external_id)
       SELECT org_id, id, 'Rex', 'pet of ' || display_name FROM customer`,
    );
    await tx.query(
      `INSERT INTO customer_identity (org_id, customer_id, kind, value_raw, value_norm)
       SELECT org_id, id, 'external', display_name, display_name FROM customer`,
    );
    await tx.query(
      `INSERT INTO inbound_message (org_id, id, connection_id, dedupe_key, status,
           signature_state, body, waiting_for, received_at)
       SELECT $1, gen_random_uuid(), $2, sha256(n::text::bytea), 'waiting', 'valid', '',
              'never-' || n, now()
         FROM generate_series(1, $3::int) n`,
      [fixture.orgId, fixture.connectionId, BOOKINGS],
    );
  });
}

const created = (uid: string): BookingChange =>
  fixture.change(uid, {
    refs: { uid, previousUid: null, icalUid: `${uid}@cal.example` },
    fields: { ...visit, attendees: [somebody(uid)] },
  });

/** What looks for a customer and a pet by the organisation's own ids. */
const naming = (customer: string): Lookup => ({
  connection_id: fixture.connectionId,
  uid: null,
  previous_uid: null,
  ical_uid: null,
  booking_id: null,
  customer,
  subject: `pet of ${customer}`,
  email: null,
  phone: null,
});

/** Somebody new for every booking. */
const somebody = (uid: string): Attendee => ({
  name: `Person of ${uid}`,
  email: `${uid}@example.com`,
  phone: `+46 70 1${String(1_000_000 + (parseInt(createHash("sha256").update(uid).digest("hex").slice(0, 8), 16) % 1_000_000)).slice(1)}`,
  status: "accepted",
  seatRef: null,
});

const renamed = (uid: string, previousUid: string): BookingChange =>
  fixture.change(uid, {
    kind: "rescheduled",
    refs: { uid, previousUid, icalUid: `${uid}@cal.example` },
    occurredAt: "2026-03-02T08:00:00.000Z",
  });

/** What each call read to create so many bookings and to change them. Nothing of it stays. */
async function rowsReadBy(size: number): Promise<Counts> {
  const uids = Array.from({ length: size }, (_, n) => `new-${n}`);
  return test.db.transaction(tenant(fixture.orgId), async (tx) => {
    await tx.query("SAVEPOINT untouched");
    const { session, counts } = countingSession(tx);
    const record = async (action: string, changes: readonly BookingChange[]): Promise<void> => {
      const results = await recordGroup(session, changes.map(recording));
      expect(results).toMatchObject(changes.map(() => ({ action })));
    };
    const early = uids.map((uid) => [uid, renamed(`${uid}-b`, uid)] as const);
    await session.write(early.map(([uid, change]) => ({ message: waitingRow(change, uid) })));
    await record("created", uids.map(created));
    await record(
      "rescheduled",
      early.map(([, change]) => change),
    );
    await record("duplicate", uids.map(created));
    await session.find(uids.map((_, n) => naming(`Person of filled-${n}`)));
    if (size === 1) {
      // Merging takes place alone.
      await record("created", [created("kin")]);
      await record("rescheduled", [renamed("kin", "new-0")]);
    }
    await tx.query("ROLLBACK TO SAVEPOINT untouched");
    return counts;
  });
}

const recording = (change: BookingChange): Recording => ({
  input: {
    orgId: fixture.orgId,
    change,
    sourceKind: "calcom",
    message: messageOf(change),
  },
  clock: systemClock,
});

const messageOf = (change: BookingChange): MessageDraft =>
  fixture.message(JSON.stringify(change.refs));

/** The message of a change, kept until the booking with this uid arrives. */
const waitingRow = (change: BookingChange, uid: string): object =>
  messageRow(
    messageOf(change),
    {
      status: "waiting",
      action: null,
      bookingId: null,
      waitingFor: uid,
      errorCode: null,
      error: null,
      nextAttemptAt: null,
    },
    systemClock.now(),
  );

/** A session of the ledger that notes what each of its calls reads. */
function countingSession(tx: Queryable): { session: LedgerSession; counts: Counts } {
  const session = ledgerSession(tx, fixture.orgId);
  const counts: Counts = { find: [], write: [] };
  return {
    counts,
    session: {
      ...session,
      find: (lookups) => noted(tx, counts.find, () => session.find(lookups)),
      write: (documents) =>
        noted(tx, counts.write, async () => {
          const written = await session.write(documents);
          // What the commit would check.
          await tx.query("SET CONSTRAINTS ALL IMMEDIATE");
          await tx.query("SET CONSTRAINTS ALL DEFERRED");
          return written;
        }),
    },
  };
}

async function noted<Result>(
  tx: Queryable,
  into: RowsRead[],
  work: () => Promise<Result>,
): Promise<Result> {
  const before = await rowsRead(tx);
  const result = await work();
  const after = await rowsRead(tx);
  into.push(new Map([...after].map(([table, n]) => [table, n - (before.get(table) ?? 0)])));
  return result;
}

/**
 * How many rows of each table the transaction has read so far, by scans and by indexes, and how many
 * pages of each index: whoever walks through an index for one row of it shows there alone.
 */
async function rowsRead(tx: Queryable): Promise<RowsRead> {
  const rows = await tx.query<{ relname: string; n: number }>(
    `SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) AS n
       FROM pg_stat_xact_user_tables
      UNION ALL
     SELECT 'index ' || indexrelname, pg_stat_get_xact_blocks_fetched(indexrelid)
       FROM pg_stat_user_indexes`,
  );
  return new Map(rows.map(({ relname, n }) => [relname, n]));
}

/** More rows of one table than any one change is about. */
const MOST = 10;
/** More pages of one index than its look-ups need, and fewer than two walks through all of it. */
const MOST_PAGES = 30;

/** Where a call read more than its changes need, in words. */
const excess = (name: string, calls: readonly RowsRead[], size: number): string[] =>
  calls
    .flatMap((call) => [...call])
    .filter(([of, n]) => n > (of.startsWith("index ") ? MOST_PAGES : MOST) * size)
    .map(([of, n]) => `${name} read ${n} rows or pages of ${of}`);

const seen = (calls: readonly RowsRead[], table: string): number =>
  Math.max(...calls.map((call) => call.get(table) ?? 0));

for (const [size, find, write] of [
  [1, "ledger_find", "ledger_write"],
  [TOGETHER, "ledger_find_all", "ledger_write_all"],
] as const) {
  it(`${find} and ${write} read what a change is about and not all bookings, though their plans were made on empty tables`, async () => {
    const counts = await rowsReadBy(size);
    expect(seen(counts.find, "booking_external_ref")).toBeGreaterThanOrEqual(size);
    expect(seen(counts.write, "booking")).toBeGreaterThanOrEqual(size);
    expect([...excess(find, counts.find, size), ...excess(write, counts.write, size)]).toEqual([]);
  });
}
