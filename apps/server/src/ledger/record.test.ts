import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hubChange, manager, visit } from "../../test/booking-change.ts";
import { ledgerFixture } from "../../test/ledger-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import { tenant } from "../db/database.ts";
import type { BookingChange } from "../domain/booking.ts";
import { keepMessage } from "./keep-message.ts";
import { readEvents } from "./read-events.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());

const moved: Partial<BookingChange> = {
  kind: "rescheduled",
  refs: { uid: "b", previousUid: "a", icalUid: null },
  occurredAt: "2026-03-02T08:00:00.000Z",
  fields: {
    ...visit,
    startsAt: "2026-03-11T10:00:00.000Z",
    endsAt: "2026-03-11T11:00:00.000Z",
  },
};

const count = async (orgId: string, table: string): Promise<number> =>
  test.db.transaction(tenant(orgId), async (tx) => {
    const rows = await tx.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`);
    return rows[0]?.n ?? -1;
  });

describe("recording a change", () => {
  it("writes booking, ids, event and message together", async () => {
    const fixture = await ledgerFixture(test.db);
    const result = await fixture.record(fixture.change("a"), fixture.message("one"));
    expect(result).toMatchObject({ action: "created", bookingNumber: 1001, version: 1, seq: 1 });
    const [event] = await readEvents(test.db, fixture.orgId, 0, 10);
    expect(event).toMatchObject({
      seq: 1,
      type: "booking.created",
      booking_id: result.bookingId,
      source: { connection_id: fixture.connectionId, kind: "calcom" },
      data: { booking: { title: "Wash and cut", duration_minutes: 60, version: 1 } },
    });
    const messages = await test.db.transaction(tenant(fixture.orgId), (tx) =>
      tx.kysely.selectFrom("inbound_message").selectAll().execute(),
    );
    expect(messages).toMatchObject([
      { status: "processed", action: "created", booking_id: result.bookingId },
    ]);
  });

  it("keeps one id through a reschedule under a new uid, whichever comes first", async () => {
    const inOrder = await ledgerFixture(test.db);
    const first = await inOrder.record(inOrder.change("a"));
    const second = await inOrder.record(inOrder.change("b", moved));
    expect(second).toMatchObject({ action: "rescheduled", bookingId: first.bookingId, version: 2 });

    const swapped = await ledgerFixture(test.db);
    const early = await swapped.record(swapped.change("b", moved));
    const late = await swapped.record(swapped.change("a"));
    expect(late.bookingId).toBe(early.bookingId);
    expect(late.action).toBe("stale");
    expect(await count(swapped.orgId, "booking")).toBe(1);
  });

  it("makes one of two bookings when their kinship arrives last", async () => {
    const fixture = await ledgerFixture(test.db);
    const cancelled = await fixture.record(
      fixture.change("b", {
        kind: "cancelled",
        status: "cancelled",
        occurredAt: "2026-03-03T08:00:00.000Z",
        fields: moved.fields ?? {},
      }),
    );
    const created = await fixture.record(fixture.change("a"));
    expect(created.bookingId).not.toBe(cancelled.bookingId);
    const joined = await fixture.record(fixture.change("b", moved));
    expect(joined.bookingId).toBe(cancelled.bookingId);

    const bookings = await test.db.transaction(tenant(fixture.orgId), (tx) =>
      tx.kysely.selectFrom("booking").selectAll().where("deleted_at", "is", null).execute(),
    );
    expect(bookings).toMatchObject([{ id: cancelled.bookingId, status: "cancelled" }]);
    const events = await readEvents(test.db, fixture.orgId, 0, 10);
    expect(events.map((event) => event.type)).toEqual([
      "booking.created",
      "booking.created",
      "booking.updated",
      "booking.deleted",
    ]);
    expect(events.at(-1)?.data.booking?.status_reason).toBe("merged into #1001");
    const again = await fixture.record(fixture.change("a", { occurredAt: "2026-03-01T08:00:01Z" }));
    expect(again).toMatchObject({ bookingId: cancelled.bookingId, action: "stale" });
  });

  it("marks a step that two bookings take by becoming one, when the table does not know it", async () => {
    const fixture = await ledgerFixture(test.db);
    const asked = await fixture.record(
      fixture.change("a", { kind: "requested", status: "pending" }),
    );
    const begun = { occurredAt: "2026-03-03T08:00:00.000Z", fields: moved.fields ?? {} };
    await fixture.record(fixture.change("b", { kind: "started", status: "in_progress", ...begun }));
    const joined = await fixture.record(fixture.change("b", moved));
    expect(joined.bookingId).toBe(asked.bookingId);
    const events = await readEvents(test.db, fixture.orgId, 0, 10);
    const step = events.find(({ type }) => type !== "booking.created");
    expect(step).toMatchObject({
      old_status: "pending",
      new_status: "in_progress",
      irregular: true,
    });
  });

  it("answers a message that it has dealt with as a duplicate, and counts it", async () => {
    const fixture = await ledgerFixture(test.db);
    const first = await fixture.record(fixture.change("a"), fixture.message("same"));
    const second = await fixture.record(fixture.change("a"), fixture.message("same"));
    expect(second).toMatchObject({
      action: "duplicate",
      bookingId: first.bookingId,
      messageId: first.messageId,
      seq: null,
    });
    expect(await count(fixture.orgId, "booking_event")).toBe(1);
    const messages = await test.db.transaction(tenant(fixture.orgId), (tx) =>
      tx.kysely.selectFrom("inbound_message").selectAll().execute(),
    );
    expect(messages).toMatchObject([{ duplicate_count: 1, status: "processed" }]);
  });

  it("wakes a message that waited for the booking", async () => {
    const fixture = await ledgerFixture(test.db);
    await keepMessage(
      { db: test.db, clock: { now: () => new Date() } },
      {
        orgId: fixture.orgId,
        message: fixture.message("no-show"),
        outcome: {
          status: "waiting",
          action: "stored",
          bookingId: null,
          waitingFor: "a",
          errorCode: "E_BOOKING_UNKNOWN",
          error: null,
          nextAttemptAt: null,
        },
      },
    );
    await fixture.record(fixture.change("other"));
    const statusOf = () =>
      test.db.transaction(tenant(fixture.orgId), async (tx) => {
        const row = await tx.kysely
          .selectFrom("inbound_message")
          .select("status")
          .executeTakeFirst();
        return row?.status;
      });
    expect(await statusOf()).toBe("waiting");
    await fixture.record(fixture.change("a"));
    expect(await statusOf()).toBe("received");
  });

  it("refuses to guess at a booking that it does not know", async () => {
    const fixture = await ledgerFixture(test.db);
    const noShow = fixture.change("a", { kind: "no_show", status: "no_show", fields: {} });
    await expect(fixture.record(noShow, fixture.message("x"))).rejects.toMatchObject({
      code: "E_BOOKING_UNKNOWN",
    });
    expect(await count(fixture.orgId, "inbound_message")).toBe(0);
  });

  it("tells a person which states would be allowed", async () => {
    const fixture = await ledgerFixture(test.db);
    const own = await fixture.record(hubChange(manager, { fields: visit }));
    const complete = hubChange(manager, {
      bookingId: own.bookingId,
      kind: "rejected",
      status: "rejected",
      fields: {},
    });
    expect(await fixture.record(complete)).toMatchObject({
      action: "refused",
      allowed: ["checked_in", "in_progress", "completed", "no_show", "cancelled"],
    });
  });

  it("leaves no hole in the sequence when a transaction fails", async () => {
    const fixture = await ledgerFixture(test.db);
    await fixture.record(fixture.change("a"));
    const broken = fixture.change("b", { fields: { ...visit, timeZone: "\u0000" } });
    await expect(fixture.record(broken)).rejects.toThrow();
    const next = await fixture.record(fixture.change("c"));
    expect(next).toMatchObject({ seq: 2, bookingNumber: 1002 });
  });

  it("decides again when somebody else was faster, so that nobody's change is lost", async () => {
    const fixture = await ledgerFixture(test.db);
    await fixture.record(fixture.change("a"));
    const titles = Array.from({ length: 12 }, (_, index) => `title ${index}`);
    const results = await Promise.all(
      titles.map((title, index) =>
        fixture.record(
          fixture.change("a", {
            kind: "updated",
            fields: { metadata: { [title]: index } },
            occurredAt: "2026-03-01T09:00:00.000Z",
          }),
        ),
      ),
    );
    expect(results.map((result) => result.version).toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual(
      titles.map((_, index) => index + 2),
    );
    const events = await readEvents(test.db, fixture.orgId, 0, 100);
    expect(Object.keys(events.at(-1)?.data.booking?.metadata ?? {}).toSorted()).toEqual(
      titles.toSorted(),
    );
  });

  it("creates one booking when the same visit arrives many times at once", async () => {
    const fixture = await ledgerFixture(test.db);
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        fixture.record(
          fixture.change(index % 2 === 0 ? "a" : "b", index % 2 === 0 ? {} : moved),
          fixture.message(`copy ${index}`),
        ),
      ),
    );
    expect(new Set(results.map((result) => result.bookingId)).size).toBe(1);
    expect(await count(fixture.orgId, "booking")).toBe(1);
    expect(await count(fixture.orgId, "inbound_message")).toBe(10);
  });
});
