import { describe, expect, test } from "vitest";
import { sourceChange, visit } from "../../test/booking-change.ts";
import { MemoryLedger } from "../../test/memory-ledger.ts";
import type { BookingChange } from "./booking.ts";

const now = new Date("2026-03-20T12:00:00Z");
const at = (minute: number): string => new Date(Date.UTC(2026, 2, 1, 8, minute)).toISOString();

type Told = Partial<BookingChange> & { readonly uid: string; readonly previousUid?: string };

const visitOfNobody = { attendees: [] };

function ledgerOf(told: readonly Told[]): MemoryLedger {
  const ledger = new MemoryLedger(now);
  for (const { uid, previousUid = null, ...change } of told) {
    const refs = { uid, previousUid, icalUid: "one@source" };
    ledger.hear(sourceChange("connection", uid, { refs, ...change }));
  }
  return ledger;
}

function hear(...told: readonly Told[]): readonly string[] {
  return ledgerOf(told).bookings.map(({ externalRefs }) =>
    externalRefs
      .filter(({ kind }) => kind === "uid")
      .map(({ externalId, supersededAt }) =>
        supersededAt === null ? `[${externalId}]` : externalId,
      )
      .toSorted()
      .join(" "),
  );
}

const made: Told = { uid: "a", occurredAt: at(0), sourceSequence: 0 };
/** The reschedule from a to b never arrived. */
const moved: Told = {
  uid: "c",
  previousUid: "b",
  kind: "rescheduled",
  occurredAt: at(2),
  sourceSequence: 2,
};

describe("a chain whose middle never arrived", () => {
  test("is one booking by its iCalendar UID, in any order", () => {
    expect(hear(made, moved)).toEqual(["[c] a b"]);
    expect(hear(moved, made)).toEqual(["[c] a b"]);
  });

  test("stays one booking when the middle arrives after all", () => {
    const middle: Told = { uid: "b", previousUid: "a", kind: "rescheduled", occurredAt: at(1) };
    for (const order of [
      [made, moved, middle],
      [moved, made, middle],
      [middle, moved, made],
    ]) {
      expect(hear(...order)).toEqual(["[c] a b"]);
    }
  });

  test("is not joined across people, classes and series", () => {
    const attendees = [
      {
        name: "Ola",
        email: "ola@x.example",
        phone: null,
        status: "accepted" as const,
        seatRef: null,
      },
    ];
    expect(hear(made, { ...moved, fields: { ...visit, attendees } })).toEqual(["[a]", "[c] b"]);
    expect(hear(made, { ...moved, fields: { ...visit, seats: 8 } })).toEqual(["[a]", "[c] b"]);
    expect(hear(made, { ...moved, fields: { ...visit, seriesRef: "s" } })).toEqual([
      "[a]",
      "[c] b",
    ]);
  });

  test("is not joined with a second booking that was made afresh", () => {
    expect(hear(made, { ...made, uid: "d", occurredAt: at(3) })).toEqual(["[a]", "[d]"]);
  });
});

describe("one seat that moves", () => {
  const two = ["jan@example.com", "ola@x.example"].map((email) => ({
    name: null,
    email,
    phone: null,
    status: "accepted" as const,
    seatRef: null,
  }));
  const seatMoves: Told = {
    ...moved,
    previousUid: "a",
    fields: { ...visit, seats: 8, attendees: two.slice(0, 1) },
  };

  test("leaves a class in which others remain", () => {
    const fields = { ...visit, seats: 8, attendees: two };
    expect(hear({ ...made, fields }, seatMoves)).toEqual(["[a]", "[c]"]);
  });

  test("is given up there, whenever the class hears of it, and can be taken again", () => {
    const seatsOf = (uid: string, ...told: readonly Told[]): string[] =>
      (
        ledgerOf(told).bookings.find((one) => one.externalRefs[0]?.externalId === uid) ??
        visitOfNobody
      ).attendees
        .map(({ email, status }) => `${email} ${status}`)
        .toSorted();
    const seat = (no: number, minute: number): Told => ({
      uid: "a",
      occurredAt: at(minute),
      fields: { ...visit, seats: 8, attendees: two.slice(no, no + 1) },
    });
    const left = ["jan@example.com cancelled", "ola@x.example accepted"];
    const [jan, ola] = [seat(0, 0), seat(1, 1)];
    for (const told of [
      [jan, ola, seatMoves],
      [ola, jan, seatMoves],
      [ola, seatMoves, jan],
      [ola, seatMoves, jan, seatMoves],
    ]) {
      expect(seatsOf("a", ...told)).toEqual(left);
      expect(seatsOf("c", ...told)).toEqual(["jan@example.com accepted"]);
    }
    const again = ["jan@example.com accepted", "ola@x.example accepted"];
    expect(seatsOf("a", jan, ola, seatMoves, seat(0, 9))).toEqual(again);
  });

  test("takes along a class of its own", () => {
    const fields = { ...visit, seats: 8, attendees: two.slice(0, 1) };
    expect(hear({ ...made, fields }, seatMoves)).toEqual(["[c] a"]);
  });
});
