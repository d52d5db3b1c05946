import type { BookingEvent } from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ledgerFixture } from "../../test/ledger-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import { tenant } from "../db/database.ts";
import { readEvents } from "./read-events.ts";

const WRITERS = 16;
const WRITES_EACH = 25;

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase(WRITERS + 4);
});
afterAll(() => test.close());

describe("the event log under 16 concurrent writers", () => {
  it("shows every event once and in order to a reader that follows seq", async () => {
    const fixture = await ledgerFixture(test.db);
    let writing = true;
    const seen: BookingEvent[] = [];
    const follow = async (): Promise<void> => {
      for (;;) {
        const wasWriting = writing;
        const batch = await readEvents(test.db, fixture.orgId, seen.at(-1)?.seq ?? 0, 50);
        seen.push(...batch);
        if (!wasWriting && batch.length === 0) return;
      }
    };
    const write = async (writer: number): Promise<void> => {
      for (let index = 0; index < WRITES_EACH; index += 1) {
        // Half of the writes create bookings, a quarter fight over a few, a quarter is plain SQL.
        if (index % 4 < 2) await fixture.record(fixture.change(`w${writer}-${index}`));
        else if (index % 4 === 2) await contend(writer, index);
        else await directUpdate(writer, index);
      }
    };
    const contend = (writer: number, index: number) =>
      fixture.record(
        fixture.change(`shared-${index % 3}`, {
          fields: { ...fixture.change("").fields, metadata: { [`${writer}-${index}`]: 1 } },
        }),
      );
    const directUpdate = (writer: number, index: number) =>
      test.db.transaction(tenant(fixture.orgId), (tx) =>
        tx.query(
          `UPDATE booking SET title = $1 WHERE id =
             (SELECT booking_id FROM booking_external_ref WHERE external_id = $2)`,
          [`by hand ${writer}-${index}`, `w${writer}-0`],
        ),
      );

    const reader = follow();
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
    writing = false;
    await reader;

    const stored = await test.db.transaction(tenant(fixture.orgId), (tx) =>
      tx.query<{ id: string; seq: number }>("SELECT id, seq FROM booking_event ORDER BY seq"),
    );
    expect(seen.map((event) => event.seq)).toEqual(seen.map((_, index) => index + 1));
    expect(seen.map((event) => event.id)).toEqual(stored.map((row) => row.id));
    expect(seen.length).toBeGreaterThanOrEqual((WRITERS * WRITES_EACH * 3) / 4);

    const versions = new Map<string, number>();
    for (const event of seen) {
      expect(event.booking_version).toBe((versions.get(event.booking_id) ?? 0) + 1);
      versions.set(event.booking_id, event.booking_version);
    }
  });

  it("counts every organisation on its own", async () => {
    const [one, two] = [await ledgerFixture(test.db), await ledgerFixture(test.db)];
    await one.record(one.change("a"));
    await two.record(two.change("a"));
    await one.record(one.change("b"));
    expect((await readEvents(test.db, one.orgId, 0, 10)).map((event) => event.seq)).toEqual([1, 2]);
    expect((await readEvents(test.db, two.orgId, 0, 10)).map((event) => event.seq)).toEqual([1]);
  });
});
