import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { visit } from "../../test/booking-change.ts";
import { type LedgerFixture, ledgerFixture } from "../../test/ledger-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import { untilOneWaits } from "../../test/until-one-waits.ts";
import { systemClock } from "../clock.ts";
import { type Queryable, tenant } from "../db/database.ts";
import type { Attendee } from "../domain/booking.ts";
import { ledgerSession } from "./queries.ts";
import { recordGroup } from "./record-group.ts";

let test: TestDatabase;
let fixture: LedgerFixture;
beforeAll(async () => {
  test = await openTestDatabase();
  fixture = await ledgerFixture(test.db);
});
afterAll(() => test.close());

const person = (name: string): Attendee => ({
  name,
  email: `${name}@example.com`,
  phone: null,
  status: "accepted",
  seatRef: null,
});

/** What would be written for a new booking, that comes by a message of this name. */
async function documentOf(uid: string, message: string): Promise<object> {
  const documents: object[] = [];
  await test.db.transaction(tenant(fixture.orgId), async (tx) => {
    const session = ledgerSession(tx, fixture.orgId);
    const kept = async (written: readonly object[]) => {
      documents.push(...written);
      return session.write(written);
    };
    const input = {
      orgId: fixture.orgId,
      change: fixture.change(uid, { fields: { ...visit, attendees: [person(uid)] } }),
      sourceKind: "calcom",
      message: fixture.message(message),
    };
    await tx.query("SAVEPOINT untouched");
    await recordGroup({ ...session, write: kept }, [{ input, clock: systemClock }]);
    await tx.query("ROLLBACK TO SAVEPOINT untouched");
  });
  return documents[0] ?? expect.fail("nothing was written");
}

// The embedded engine has one session, which never waits for itself.
describe.runIf(inject("databaseTemplate").engine === "postgres")("one write of several", () => {
  it("does not wait for whoever is writing the same message and waits for the counter", async () => {
    const write = (tx: Queryable, ...documents: object[]) =>
      ledgerSession(tx, fixture.orgId).write(documents);
    const [first, again, late, third] = [
      await documentOf("first", "first"),
      await documentOf("again", "again"),
      await documentOf("late", "again"),
      await documentOf("third", "third"),
    ];
    let other: Promise<unknown> = Promise.resolve();
    const results = await test.db.transaction(tenant(fixture.orgId), async (tx) => {
      // It has the counter from here to its end.
      await write(tx, first);
      other = test.db.transaction(tenant(fixture.orgId), (another) => write(another, again));
      await untilOneWaits(test.db);
      return write(tx, late, third);
    });
    expect(results[0]).toMatchObject({ code: "SW409" });
    expect(results[1]).toMatchObject({ duplicate: false });
    expect(await other).toMatchObject([{ duplicate: false }]);
  });
});
