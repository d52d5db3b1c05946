import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tenant } from "../../db/database.ts";
import { destinationFixture } from "../../../test/destination-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../../test/test-database.ts";
import { until } from "../../../test/until.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());

describe("what a destination's filter holds back", () => {
  it("ends as skipped, with the reason, and holds up nothing behind it", async () => {
    const fixture = await destinationFixture(test.db);
    try {
      const receiver = await fixture.receiver();
      const filter = { transitions: "confirmed_cancelled" } as const;
      await fixture.destination(receiver.url, { filter, event_types: ["*", "alert.*"] });
      const booking = await fixture.book();
      await fixture.change(booking, "Another title");
      await test.db.transaction(tenant(fixture.orgId), (tx) =>
        tx.query("UPDATE booking SET status = 'cancelled' WHERE id = $1", [booking]),
      );
      fixture.worker();
      await until(async () =>
        (await fixture.deliveries()).every(({ status }) => status !== "pending"),
      );
      await until(() => receiver.requests.length === 1);
      await until(async () =>
        (await fixture.deliveries()).every(({ status }) => status !== "sending"),
      );
      const reason = "The filter's transitions (confirmed_cancelled) do not have this change.";
      const all = await fixture.deliveries();
      expect(all.map((row) => [row.status, row.skip_reason, row.attempt_count])).toEqual([
        ["skipped", reason, 0],
        ["skipped", reason, 0],
        ["delivered", null, 1],
      ]);
    } finally {
      await fixture.close();
    }
  });

  it("are bookings' events alone: an alert passes every filter", async () => {
    const fixture = await destinationFixture(test.db);
    try {
      const receiver = await fixture.receiver();
      const filter = { services: ["workshop"] };
      await fixture.destination(receiver.url, { filter, event_types: ["alert.*"] });
      await test.db.transaction(tenant(fixture.orgId), (tx) =>
        tx.query(
          `INSERT INTO alert (org_id, kind, key, severity, opened_at, last_seen_at)
           VALUES ($1, 'message_failed', 'a trial', 'warning', now(), now())`,
          [fixture.orgId],
        ),
      );
      fixture.worker();
      await until(() => receiver.requests.length === 1);
      expect(receiver.requests[0]?.body).toContain('"type":"alert.opened"');
    } finally {
      await fixture.close();
    }
  });
});
