import { describe, expect, test } from "vitest";
import { hubChange, clerk, sourceChange, visit } from "../../test/booking-change.ts";
import { bookingAfter } from "../../test/booking-after.ts";
import type { Attendee, Booking, BookingChange } from "./booking.ts";
import { decide } from "./decide.ts";
import { decideMerge } from "./decide-merge.ts";

const now = new Date("2026-03-05T12:00:00Z");
const at = (minute: number): string => new Date(Date.UTC(2026, 2, 1, 8, minute)).toISOString();
const said = (minute: number, change: Partial<BookingChange>, uid = "a"): BookingChange =>
  sourceChange("connection", uid, { occurredAt: at(minute), ...change });

function person(email: string, more: Partial<Attendee> = {}): Attendee {
  return { name: null, email, phone: null, status: "accepted", seatRef: null, ...more };
}

/** Every order of a few things. */
function orders<Item>(items: readonly Item[]): Item[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) =>
    orders(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}

function hearAll(changes: readonly BookingChange[]): Booking {
  let booking: Booking | null = null;
  for (const change of changes) booking = bookingAfter(decide(booking, change, now), booking);
  if (booking === null) throw new Error("nothing made a booking");
  return booking;
}

/** Expects the same end in every order. */
function expectAlways(changes: readonly BookingChange[], end: object): void {
  for (const order of orders(changes)) expect(hearAll(order)).toMatchObject(end);
}

describe("each part of a booking", () => {
  test("goes by the last word on it, also when something else was told later", () => {
    const made = said(0, { fields: { ...visit, location: "Room 1" } });
    const moved = said(1, {
      kind: "updated",
      status: null,
      fields: { ...visit, location: "Room 2" },
    });
    const renamed = said(2, { kind: "updated", status: null, fields: { ...visit, title: "Cut" } });
    expectAlways([made, moved, renamed], { location: "Room 2", title: "Cut" });
  });

  test("is empty when the last word emptied it", () => {
    const made = said(0, { fields: { ...visit, location: "Room 1" } });
    const call = { ...visit, meetingUrl: "https://meet.example/a" };
    const moved = said(1, { kind: "updated", status: null, fields: call, clears: ["location"] });
    expectAlways([made, moved], { location: null, meetingUrl: "https://meet.example/a" });
  });

  test("of the metadata counts by its own key", () => {
    const made = said(0, { fields: { ...visit, metadata: { dog: "Burek", note: "shy" } } });
    const noted = said(1, {
      kind: "updated",
      status: null,
      fields: { ...visit, metadata: { note: "bites" } },
    });
    const flagged = said(2, {
      kind: "updated",
      status: null,
      fields: { ...visit, metadata: { late: true } },
    });
    expectAlways([made, noted, flagged], { metadata: { dog: "Burek", note: "bites", late: true } });
  });
});

describe("what changes nothing visible", () => {
  test("is kept without an event, for it decides about what comes later", () => {
    const booking = hearAll([said(0, {})]);
    const again = decide(booking, said(5, {}), now);
    expect(again).toMatchObject({ outcome: "unchanged", keeps: { sourceUpdatedAt: at(5) } });
    const known = bookingAfter(again, booking);
    const between = said(3, { kind: "updated", status: null, fields: { ...visit, title: "Old" } });
    expect(decide(known, between, now).outcome).toBe("stale");
  });

  test("keeps nothing that is known", () => {
    const booking = hearAll([said(0, {})]);
    expect(decide(booking, said(0, {}), now)).toEqual({
      outcome: "unchanged",
      reason: "the booking already says so",
    });
    expect(booking.heard).toEqual({});
  });
});

describe("seats", () => {
  const seat = (minute: number, seatRef: string | null, email: string): BookingChange =>
    said(minute, { fields: { ...visit, seats: 8, attendees: [person(email, { seatRef })] } });
  const givenUp = (minute: number, email: string): BookingChange =>
    said(minute, {
      kind: "seat_cancelled",
      status: null,
      fields: { ...visit, seats: 8, attendees: [person(email, { status: "cancelled" })] },
    });
  const seatsOf = ({ attendees }: Booking): unknown =>
    attendees.map(({ seatRef, status }) => `${seatRef} ${status}`).toSorted();

  test("are added one by one, and given up one by one", () => {
    const told = [
      seat(0, "s1", "jan@x.example"),
      seat(1, "s2", "ola@x.example"),
      givenUp(2, "jan@x.example"),
    ];
    for (const order of orders(told)) {
      const booking = hearAll(order);
      expect(booking.status).toBe("confirmed");
      expect(seatsOf(booking)).toEqual(["s1 cancelled", "s2 accepted"]);
    }
  });

  test("cancel the class when the last one is given up, and reinstate it when one is taken", () => {
    const first = [seat(0, "s1", "jan@x.example"), givenUp(1, "jan@x.example")];
    expectAlways(first, { status: "cancelled" });
    for (const order of orders([...first, seat(2, "s2", "jan@x.example")])) {
      const booking = hearAll(order);
      expect(booking.status).toBe("confirmed");
      expect(seatsOf(booking)).toEqual(["s1 cancelled", "s2 accepted"]);
    }
  });

  test("are all lost when the class is cancelled; who comes after that comes alone", () => {
    const told = [
      seat(0, "s1", "jan@x.example"),
      said(1, {
        kind: "cancelled",
        status: "cancelled",
        fields: { ...visit, seats: 8, attendees: [] },
      }),
      seat(2, "s2", "ola@x.example"),
    ];
    for (const order of orders(told)) {
      expect(seatsOf(hearAll(order))).toEqual(["s1 cancelled", "s2 accepted"]);
      expect(hearAll(order).status).toBe("confirmed");
    }
  });
});

describe("a no-show", () => {
  const both = [person("jan@x.example"), person("ola@x.example")];
  const made = said(0, { fields: { ...visit, attendees: both } });
  const marked = (minute: number, email: string, isMissed: boolean): BookingChange =>
    said(minute, {
      kind: isMissed ? "no_show" : "no_show_cleared",
      status: isMissed ? "no_show" : null,
      fields: { attendees: [person(email, { status: isMissed ? "no_show" : "accepted" })] },
    });

  test("of one of two leaves the visit as it is; of both, nobody came", () => {
    expect(hearAll([made, marked(1, "jan@x.example", true)]).status).toBe("confirmed");
    const all = [made, marked(1, "jan@x.example", true), marked(2, "ola@x.example", true)];
    expect(hearAll(all).status).toBe("no_show");
  });

  test("counts for somebody who is heard of later", () => {
    const alone = said(0, { fields: { ...visit, attendees: [person("jan@x.example")] } });
    const late = said(1, { fields: { ...visit, attendees: both } });
    const booking = hearAll([alone, marked(2, "ola@x.example", true), late]);
    expect(booking.attendees).toMatchObject([{ status: "accepted" }, { status: "no_show" }]);
  });

  test("of nobody on the booking says so, and counts for them once they are told of", () => {
    const decision = decide(hearAll([made]), marked(1, "iza@x.example", true), now);
    expect(decision).toMatchObject({ outcome: "unchanged", code: "E_ATTENDEE_UNKNOWN" });
    const known = decide(hearAll([made]), marked(1, "JAN@x.example", false), now);
    expect(known).not.toHaveProperty("code");
  });

  test("that was taken back does not return with its mark", () => {
    const told = [marked(2, "jan@x.example", false), marked(1, "jan@x.example", true)];
    expect(hearAll([made, ...told]).attendees[0]?.status).toBe("accepted");
  });
});

describe("a booking of one person", () => {
  const alone = (minute: number, who: Partial<Attendee>, more: Partial<BookingChange> = {}) => {
    const attendees = [{ ...person(""), email: null, ...who }];
    return said(minute, { onePerson: true, ...more, fields: { ...visit, attendees } });
  };
  const updated = { kind: "updated", status: null } as const;
  const made = alone(0, { name: "Jan", email: "jan@x.example", phone: "1" });

  test("keeps one person, who has another address by now", () => {
    const changed = alone(1, { email: "jan@new.example" }, updated);
    expectAlways([made, changed], {
      attendees: [{ name: "Jan", email: "jan@new.example", phone: "1", status: "accepted" }],
    });
    expect(hearAll([made, changed]).attendees).toHaveLength(1);
  });

  test("takes name, address and number each by its last word", () => {
    const told = [
      made,
      alone(1, { email: "jan@new.example" }, updated),
      alone(2, { name: "Jan Nowak" }, updated),
      alone(3, { phone: "2" }, updated),
    ];
    const end = { name: "Jan Nowak", email: "jan@new.example", phone: "2" };
    for (const order of orders(told)) expect(hearAll(order).attendees).toMatchObject([end]);
  });

  test("stays a no-show, whatever the address is corrected to", () => {
    const missed = { kind: "no_show", status: "no_show" } as const;
    const told = [
      made,
      alone(1, { name: "Jan", email: "jan@x.example", status: "no_show" }, missed),
      alone(2, { email: "jan@new.example" }, updated),
    ];
    for (const order of orders(told)) {
      const { attendees, status } = hearAll(order);
      expect({ attendees, status }).toMatchObject({
        status: "no_show",
        attendees: [{ email: "jan@new.example", status: "no_show" }],
      });
    }
  });

  test("has nobody else miss it: a mark for another address waits to become theirs", () => {
    const mark = (minute: number, email: string): BookingChange =>
      said(minute, {
        kind: "no_show",
        status: "no_show",
        onePerson: true,
        fields: { attendees: [person(email, { name: "Ola" })] },
      });
    const stranger = decide(hearAll([made]), mark(1, "ola@x.example"), now);
    expect(stranger).toMatchObject({ outcome: "refused", code: "E_ATTENDEE_UNKNOWN" });
    const after = bookingAfter(stranger, hearAll([made]));
    expect(after).toMatchObject({ status: "confirmed", attendees: [{ name: "Jan" }] });
    const renamed = alone(3, { email: "jan@new.example" }, updated);
    for (const marked of [mark(2, "jan@x.example"), mark(2, "JAN@new.example")]) {
      // What names a person alone makes no booking: it waits for one.
      for (const order of orders([made, marked, renamed]).filter(([first]) => first !== marked)) {
        expect(hearAll(order)).toMatchObject({
          status: "no_show",
          attendees: [{ name: "Jan", email: "jan@new.example", status: "no_show" }],
        });
      }
    }
  });

  test("is a no-show also when nothing else was heard of it, and its source says no more", () => {
    const missed = alone(1, { email: "jan@x.example" }, { kind: "no_show", status: "no_show" });
    expect(hearAll([missed])).toMatchObject({
      status: "no_show",
      attendees: [{ email: "jan@x.example", status: "no_show" }],
    });
    expect(hearAll([made, missed]).status).toBe("no_show");
  });

  test("is one person's also after two bookings of it were joined", () => {
    const refs = { uid: "b", previousUid: "a", icalUid: null };
    const later = alone(2, { email: "jan@new.example" });
    const moved = said(2, { ...later, kind: "rescheduled", refs }, "b");
    expect(hearAll([made, moved]).attendees).toMatchObject([{ email: "jan@new.example" }]);
    const both = bookingAfter(decide(null, { ...later, refs: moved.refs }, now), null);
    if (both === null) throw new Error("nothing made a booking");
    const first = hearAll([made]);
    const joined = decideMerge(first, both, both, moved, now);
    expect(joined).toMatchObject({ next: { attendees: [{ email: "jan@new.example" }] } });
    expect(joined.outcome === "write" && joined.next.attendees).toHaveLength(1);
  });
});

describe("money", () => {
  test("that was paid stays paid, and unpaid is pending", () => {
    const initiated = said(0, {
      status: "pending",
      fields: { ...visit, paymentStatus: "initiated" },
    });
    const paid = said(2, { kind: "payment_updated", fields: { ...visit, paymentStatus: "paid" } });
    expect(hearAll([initiated])).toMatchObject({ status: "pending", paymentStatus: "initiated" });
    expectAlways([initiated, said(1, {}), paid], { status: "confirmed", paymentStatus: "paid" });
  });
});

describe("what people of the hub did", () => {
  const checkIn = hubChange(clerk, { kind: "checked_in", status: "checked_in", fields: {} });

  test("stays, whatever the source tells of the same visit", () => {
    const told = [said(0, {}), checkIn, said(1, {}), said(2, { kind: "updated" })];
    expect(hearAll(told).status).toBe("checked_in");
  });

  test("ends with a cancellation, and with another time", () => {
    const cancelled = said(3, { kind: "cancelled", status: "cancelled" });
    expect(hearAll([said(0, {}), checkIn, cancelled]).status).toBe("cancelled");
    const refs = { uid: "b", previousUid: "a", icalUid: null };
    expect(
      hearAll([said(0, {}), checkIn, said(3, { kind: "rescheduled", refs }, "b")]).status,
    ).toBe("confirmed");
  });
});
