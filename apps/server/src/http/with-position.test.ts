import type { BookingEvent, BookingResource, List } from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sourceChange } from "../../test/booking-change.ts";
import { createTestMember } from "../../test/key-fixture.ts";
import { createTestConnection } from "../../test/test-database.ts";
import { createTestHub, type TestHub, withKey } from "../../test/test-hub.ts";
import { tenant } from "../db/database.ts";
import { record } from "../ledger/record.ts";

const WRITERS = 6;
const WRITES_EACH = 25;

let test: TestHub;
let connectionId: string;
beforeAll(async () => {
  test = await createTestHub();
  ({ connectionId } = await createTestConnection(test.hub.db, test.hub.defaultOrgId));
});
afterAll(() => test.close());

type Headers = Readonly<Record<string, string>>;
type State = ReadonlyMap<string, BookingResource>;

/** A list as somebody was given it, and the position that came with it. */
interface Snapshot {
  readonly position: number;
  readonly state: State;
}

async function get<Body>(url: string, headers: Headers = withKey) {
  const answer = await test.app.inject({ url: `/api/v1${url}`, headers });
  expect(answer.statusCode, answer.body).toBe(200);
  return { body: answer.json<Body>(), position: Number(answer.headers["slotwire-position"]) };
}

async function takeSnapshot(headers?: Headers): Promise<Snapshot> {
  const { body, position } = await get<List<BookingResource>>("/bookings?limit=200", headers);
  expect(body.next_cursor).toBeNull();
  return { position, state: new Map(body.data.map((booking) => [booking.id, booking])) };
}

async function readLog(): Promise<BookingEvent[]> {
  const { body, position } = await get<{ data: BookingEvent[] }>("/booking-events?limit=1000");
  expect(position).toBe(body.data.at(-1)?.seq);
  return body.data;
}

/** What follows the position in the log, merged by version; what was deleted is in no list. */
function merge({ position, state }: Snapshot, log: readonly BookingEvent[]): State {
  const merged = new Map(state);
  const versions = new Map([...state].map(([id, { version }]) => [id, version]));
  for (const { seq, booking_id: id, booking_version: version, data } of log) {
    if (seq <= position || version <= (versions.get(id) ?? 0)) continue;
    versions.set(id, version);
    if (data.booking?.deleted_at === null) merged.set(id, data.booking);
    else merged.delete(id);
  }
  return merged;
}

/** Through the ledger and by plain SQL: new bookings, changed ones, deleted ones. */
async function write(writer: number): Promise<void> {
  const { hub } = test;
  const orgId = hub.defaultOrgId;
  const bySql = (sql: string, values: unknown[]): Promise<unknown> =>
    hub.db.transaction(tenant(orgId), (tx) => tx.query(sql, values));
  for (let index = 0; index < WRITES_EACH; index += 1) {
    const uid = index % 5 === 0 ? `w${writer}-${index}` : `shared-${index % 3}`;
    const { fields } = sourceChange(connectionId, uid);
    const metadata = { [`${writer}-${index}`]: 1 };
    const change = sourceChange(connectionId, uid, { fields: { ...fields, metadata } });
    await record(hub, { orgId, change, sourceKind: "calcom", message: null });
    const where = `id IN (SELECT booking_id FROM booking_external_ref
                           WHERE org_id = $1 AND external_id = $2)`;
    if (index % 4 === 1) {
      const title = `by hand ${writer}-${index}`;
      await bySql(`UPDATE booking SET title = $3 WHERE ${where}`, [orgId, "shared-1", title]);
    }
    if (index === 20) await bySql(`DELETE FROM booking WHERE ${where}`, [orgId, `w${writer}-0`]);
  }
}

describe("the header slotwire-position", () => {
  it("is where the log completes what was read while others wrote", async () => {
    const snapshots: Snapshot[] = [];
    let isWriting = true;
    const read = async (): Promise<void> => {
      for (;;) {
        const wasWriting = isWriting;
        snapshots.push(await takeSnapshot());
        if (!wasWriting) return;
      }
    };
    const reading = Promise.all([read(), read()]);
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
    isWriting = false;
    await reading;

    const log = await readLog();
    const { state } = await takeSnapshot();
    expect(new Set(snapshots.map(({ position }) => position)).size).toBeGreaterThan(5);
    for (const snapshot of snapshots) expect(merge(snapshot, log)).toEqual(state);
  });

  it("comes with one booking and with its timeline, and only with what is shown", async () => {
    const [first] = (await takeSnapshot()).state.values();
    const newest = (await readLog()).length;
    expect((await get(`/bookings/${first?.id}`)).position).toBe(newest);
    expect((await get(`/bookings/${first?.id}/timeline`)).position).toBe(newest);
    const none = await test.app.inject({
      url: `/api/v1/bookings/${test.hub.defaultOrgId}`,
      headers: withKey,
    });
    expect(none.statusCode).toBe(404);
    expect(none.headers).not.toHaveProperty("slotwire-position");
  });

  it("is the organisation's, for whoever sees a part of it too", async () => {
    const newest = (await readLog()).length;
    const staff = await createTestMember(test.hub, test.hub.defaultOrgId, "staff");
    const { position, state } = await takeSnapshot(staff.headers);
    expect([position, state.size]).toEqual([newest, 0]);
  });
});
