import type { BookingResource } from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { visit } from "../../test/booking-change.ts";
import { type LedgerFixture, ledgerFixture } from "../../test/ledger-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import { tenant } from "../db/database.ts";
import type { BookingChange, BookingFields } from "../domain/booking.ts";
import { SlotwireError } from "../errors.ts";

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(() => opened.close());

/** The instant of the nth thing that happened. */
const at = (nth: number): string => `2026-03-01T08:0${nth}:00.000Z`;
const visitAt = (hour: number): Partial<BookingFields> => ({
  ...visit,
  startsAt: `2026-03-11T${hour}:00:00.000Z`,
  endsAt: `2026-03-11T${hour}:30:00.000Z`,
});

type Told = readonly [uid: string, change: Partial<BookingChange>];

const moved = (uid: string, previousUid: string, nth: number, hour: number): Told => [
  uid,
  {
    kind: "rescheduled",
    refs: { uid, previousUid, icalUid: "one@source" },
    occurredAt: at(nth),
    fields: visitAt(hour),
  },
];

/** What happened in order, and what must be known of it in the end, in whatever order it came. */
const stories: Record<string, { readonly told: readonly Told[]; readonly end: object }> = {
  "moved twice, then cancelled": {
    told: [
      ["a", { kind: "requested", status: "pending", occurredAt: at(0), fields: visitAt(10) }],
      moved("b", "a", 1, 11),
      moved("c", "b", 2, 12),
      ["c", { kind: "cancelled", status: "cancelled", occurredAt: at(3), fields: visitAt(12) }],
    ],
    end: {
      current: ["c"],
      superseded: ["a", "b"],
      status: "cancelled",
      starts: visitAt(12).startsAt,
    },
  },
  "asked for, confirmed, started, over": {
    told: [
      ["a", { kind: "requested", status: "pending", occurredAt: at(0), fields: visitAt(10) }],
      ["a", { kind: "created", status: "confirmed", occurredAt: at(1), fields: visitAt(10) }],
      [
        "a",
        {
          kind: "started",
          status: "in_progress",
          occurredAt: "2026-03-11T10:00:00.000Z",
          fields: visitAt(10),
        },
      ],
      [
        "a",
        {
          kind: "completed",
          status: "completed",
          occurredAt: "2026-03-11T10:30:00.000Z",
          fields: visitAt(10),
        },
      ],
    ],
    end: { current: ["a"], superseded: [], status: "completed", starts: visitAt(10).startsAt },
  },
  "moved, over by the clock, and nobody came": {
    told: [
      ["a", { occurredAt: at(0), fields: visitAt(10) }],
      moved("b", "a", 1, 11),
      [
        "b",
        {
          kind: "completed",
          status: "completed",
          occurredAt: "2026-03-11T11:30:00.000Z",
          fields: visitAt(11),
        },
      ],
      [
        "b",
        { kind: "no_show", status: "no_show", occurredAt: "2026-03-11T11:35:00.000Z", fields: {} },
      ],
    ],
    end: { current: ["b"], superseded: ["a"], status: "no_show", starts: visitAt(11).startsAt },
  },
  "cancelled before the clock said that it was over": {
    told: [
      ["a", { occurredAt: at(0), fields: visitAt(10) }],
      ["a", { kind: "cancelled", status: "cancelled", occurredAt: at(1), fields: visitAt(10) }],
      [
        "a",
        {
          kind: "completed",
          status: "completed",
          occurredAt: "2026-03-11T10:30:00.000Z",
          fields: visitAt(10),
        },
      ],
    ],
    end: { current: ["a"], superseded: [], status: "cancelled", starts: visitAt(10).startsAt },
  },
};

describe("in every order of arrival the ledger ends with one booking and the same truth", () => {
  for (const [name, { told, end }] of Object.entries(stories)) {
    test.each(permutations(told.map((_, index) => index)))(`${name}: %j`, async (...order) => {
      const fixture = await ledgerFixture(opened.db);
      let waiting: Told[] = [];
      for (const index of order) {
        waiting.push(told[index] ?? ["", {}]);
        waiting = await recordAll(fixture, waiting);
      }
      expect(waiting).toEqual([]);
      expect(await known(fixture.orgId)).toEqual([end]);
    });
  }
});

/** Records what it can, as the inbox does. @returns what has to wait for its booking */
async function recordAll(fixture: LedgerFixture, told: readonly Told[]): Promise<Told[]> {
  const unknown: Told[] = [];
  for (const one of told.toReversed()) {
    try {
      await fixture.record(fixture.change(...one));
    } catch (error) {
      if (!(error instanceof SlotwireError) || error.code !== "E_BOOKING_UNKNOWN") throw error;
      unknown.push(one);
    }
  }
  return unknown;
}

async function known(orgId: string): Promise<object[]> {
  const rows = await opened.db.transaction(tenant(orgId), (tx) =>
    tx.query<{ booking: BookingResource }>(
      "SELECT booking_resource(b) AS booking FROM booking b WHERE deleted_at IS NULL",
    ),
  );
  return rows.map(({ booking }) => {
    const uids = booking.external_refs.filter(({ kind }) => kind === "uid");
    const named = (isCurrent: boolean): string[] =>
      uids
        .filter((ref) => (ref.superseded_at === null) === isCurrent)
        .map((ref) => ref.external_id)
        .toSorted();
    const { status, starts_at: starts } = booking;
    return { current: named(true), superseded: named(false), status, starts };
  });
}

function permutations(items: readonly number[]): number[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}

describe("a message that changes nothing visible", () => {
  test("is kept without an event, and decides about what comes later", async () => {
    const ledger = await ledgerFixture(opened.db);
    const made = await ledger.record(ledger.change("a", { occurredAt: at(0) }));
    const again = await ledger.record(ledger.change("a", { occurredAt: at(5) }));
    expect(again).toMatchObject({ action: "unchanged", version: 1, seq: null });
    const older = { kind: "updated", status: null, fields: { ...visit, title: "Old" } } as const;
    const late = await ledger.record(ledger.change("a", { ...older, occurredAt: at(3) }));
    expect(late).toMatchObject({ action: "stale", bookingId: made.bookingId, version: 1 });
  });

  test("keeps the time of each person, however many come at once", async () => {
    const ledger = await ledgerFixture(opened.db);
    const seat = (email: string, nth: number): BookingChange =>
      ledger.change("a", {
        occurredAt: at(nth),
        fields: {
          ...visit,
          seats: 8,
          attendees: [{ name: null, email, phone: null, status: "accepted", seatRef: email }],
        },
      });
    const people = ["jan@example.com", "ola@example.com", "iza@example.com"];
    await Promise.all(people.map((email) => ledger.record(seat(email, 0))));
    await Promise.all(
      [3, 5, 4].flatMap((nth) => people.map((email) => ledger.record(seat(email, nth)))),
    );
    const rows = await opened.db.transaction(tenant(ledger.orgId), (tx) =>
      tx.query<{ email: string; at: Date; version: number }>(
        `SELECT a.email, a.source_updated_at AS at, b.version
           FROM booking_attendee a JOIN booking b ON b.org_id = a.org_id AND b.id = a.booking_id
          WHERE a.org_id = $1`,
        [ledger.orgId],
      ),
    );
    expect(rows.map((row) => row.email).toSorted()).toEqual(people.toSorted());
    expect(rows.map((row) => row.at.toISOString())).toEqual([at(5), at(5), at(5)]);
    expect(rows[0]?.version).toBe(3);
  });
});

describe("two bookings of one iCalendar UID that come at the same moment", () => {
  test("are one booking when a reschedule between them never arrived", async () => {
    const ledger = await ledgerFixture(opened.db);
    const refs = (uid: string, previousUid: string | null) => ({
      refs: { uid, previousUid, icalUid: "one@source" },
    });
    const results = await Promise.all([
      ledger.record(ledger.change("a", { ...refs("a", null), occurredAt: at(0) })),
      ledger.record(
        ledger.change("c", { ...refs("c", "b"), kind: "rescheduled", occurredAt: at(2) }),
      ),
    ]);
    expect(new Set(results.map(({ bookingId }) => bookingId)).size).toBe(1);
  });
});
