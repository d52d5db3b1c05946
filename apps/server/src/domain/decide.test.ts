import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clerk, hubChange, manager, sourceChange, visit } from "../../test/booking-change.ts";
import { bookingAfter } from "../../test/booking-after.ts";
import type { Booking, BookingChange } from "./booking.ts";
import { decide } from "./decide.ts";
import type { WriteDecision } from "./decision.ts";

const connectionId = "connection";
const now = new Date("2026-03-05T12:00:00Z");
const afterVisit = new Date("2026-03-10T12:00:00Z");
const from = (uid: string, change: Partial<BookingChange> = {}) =>
  sourceChange(connectionId, uid, change);

/** The booking after a decision, as the ledger would store it. */
function apply(current: Booking | null, change: BookingChange, at = now): Booking {
  const decision = decide(current, change, at);
  const after = bookingAfter(decision, current);
  if (after === null) throw new Error(JSON.stringify(decision));
  return after;
}

const applyAll = (changes: readonly BookingChange[]): Booking => {
  let booking: Booking | null = null;
  for (const change of changes) booking = apply(booking, change, afterVisit);
  if (booking === null) throw new Error("no change");
  return booking;
};

function written(current: Booking | null, change: BookingChange, at = now): WriteDecision {
  const decision = decide(current, change, at);
  if (decision.outcome !== "write") throw new Error(`${decision.outcome}: ${decision.reason}`);
  return decision;
}

const created = from("a");
const moved = from("b", {
  kind: "rescheduled",
  refs: { uid: "b", previousUid: "a", icalUid: null },
  occurredAt: "2026-03-02T08:00:00.000Z",
  fields: { startsAt: "2026-03-11T10:00:00.000Z", endsAt: "2026-03-11T11:00:00.000Z" },
});
const cancelled = from("a", {
  kind: "cancelled",
  status: "cancelled",
  occurredAt: "2026-03-03T08:00:00.000Z",
  statusReason: "ill",
  fields: { ...visit, attendees: [] },
});

describe("a source's change of its own booking", () => {
  it("creates the booking that it is the first to speak of", () => {
    const decision = written(null, created);
    expect(decision).toMatchObject({
      action: "created",
      event: { type: "booking.created", oldStatus: null, irregular: false },
      next: { status: "confirmed", ownerConnectionId: connectionId, title: "Wash and cut" },
    });
    expect(decision.refs).toEqual([
      { connectionId, kind: "uid", externalId: "a", supersededAt: null },
    ]);
  });

  it("changes nothing when it says the same again", () => {
    const again = from("a", { occurredAt: "2026-03-01T08:00:01.000Z" });
    expect(decide(apply(null, created), again, now).outcome).toBe("unchanged");
  });

  it("moves the booking under its new id and keeps the old id as superseded", () => {
    const decision = written(apply(null, created), moved);
    expect(decision.action).toBe("rescheduled");
    expect(decision.event.changedFields).toEqual(["starts_at", "ends_at", "external_refs"]);
    expect(decision.event.previous["starts_at"]).toBe(visit.startsAt);
    expect(decision.refs).toEqual([
      { connectionId, kind: "uid", externalId: "b", supersededAt: null },
      { connectionId, kind: "uid", externalId: "a", supersededAt: moved.occurredAt },
    ]);
  });

  it("moves a booking whose creation arrives afterwards, and fills what the move left out", () => {
    const first = apply(null, moved);
    const then = apply(first, created);
    expect(then.startsAt).toBe("2026-03-11T10:00:00.000Z");
    expect(then.title).toBe("Wash and cut");
    expect(then.attendees).toHaveLength(1);
    expect(decide(then, created, now).outcome).toBe("stale");
  });

  it("stays cancelled when the creation arrives after the cancellation", () => {
    const late = apply(apply(null, cancelled), created);
    expect(late.status).toBe("cancelled");
    expect(late.attendees).toHaveLength(1);
  });

  it("stays cancelled when creation and cancellation bear the same instant", () => {
    const twin = { ...cancelled, occurredAt: created.occurredAt };
    expect(apply(apply(null, twin), created).status).toBe("cancelled");
    expect(apply(apply(null, created), twin).status).toBe("cancelled");
  });

  it("ignores a cancellation of an id that has been superseded", () => {
    const booking = apply(apply(null, created), moved);
    expect(apply(booking, cancelled).status).toBe("confirmed");
  });

  it("revives a booking whose host asked the guest to choose another time", () => {
    const asked = apply(apply(null, created), {
      ...cancelled,
      statusReason: "reschedule_requested",
    });
    const decision = written(asked, { ...moved, occurredAt: "2026-03-04T08:00:00.000Z" });
    expect(decision.next.status).toBe("confirmed");
    expect(decision.next.statusReason).toBeNull();
    expect(decision.action).toBe("rescheduled");
  });

  it("is applied and marked irregular when the state table does not know the step", () => {
    const noShow = from("a", {
      kind: "no_show",
      status: "no_show",
      fields: {},
      occurredAt: "2026-03-04T08:00:00.000Z",
    });
    const decision = written(apply(apply(null, created), cancelled), noShow);
    expect(decision.next.status).toBe("no_show");
    expect(decision.event.irregular).toBe(true);
  });

  it("cannot create a booking from a message without times", () => {
    const noShow = from("a", { kind: "no_show", status: "no_show", fields: {} });
    expect(decide(null, noShow, now).outcome).toBe("unknown");
  });
});

describe("a meeting that ends by the clock", () => {
  const ended = from("a", {
    kind: "completed",
    status: "completed",
    occurredAt: "2026-03-10T11:00:00.000Z",
  });

  it("completes a confirmed booking, even one that was created after the fact", () => {
    const late = apply(null, from("a", { occurredAt: "2026-03-11T00:00:00.000Z" }));
    expect(apply(late, ended, afterVisit).status).toBe("completed");
  });

  it.each(["cancelled", "rejected", "no_show"] as const)("leaves a %s booking alone", (status) => {
    const over = apply(
      apply(null, created),
      from("a", {
        kind: status,
        status,
        occurredAt: "2026-03-04T08:00:00.000Z",
        fields: {},
      }),
      afterVisit,
    );
    expect(over.status).toBe(status);
    expect(decide(over, ended, afterVisit).outcome).toBe("unchanged");
  });

  it("does not bring back what was frozen into it when the booking was made", () => {
    const renamed = apply(
      apply(null, created),
      from("a", {
        kind: "updated",
        fields: { title: "New name" },
        occurredAt: "2026-03-02T00:00:00.000Z",
      }),
    );
    expect(apply(renamed, ended, afterVisit).title).toBe("New name");
  });

  it("does not reopen a completed booking when the start is told after the end", () => {
    const started = from("a", { kind: "started", status: "in_progress" });
    const done = apply(apply(null, created), ended, afterVisit);
    expect(apply(done, started, afterVisit).status).toBe("completed");
  });
});

describe("a no-show", () => {
  const noShow = from("a", {
    kind: "no_show",
    status: "no_show",
    occurredAt: "2026-03-10T12:00:00.000Z",
    fields: {
      attendees: [
        { name: null, email: "Jan@example.com", phone: null, status: "no_show", seatRef: null },
        {
          name: null,
          email: "stranger@example.com",
          phone: null,
          status: "no_show",
          seatRef: null,
        },
      ],
    },
  });

  it("marks the people it names and invites nobody new", () => {
    const booking = apply(apply(null, created), noShow, afterVisit);
    expect(booking.status).toBe("no_show");
    expect(booking.attendees).toMatchObject([{ name: "Jan", status: "no_show" }]);
  });

  it("becomes completed when it is taken back after the visit, confirmed before", () => {
    const booking = apply(apply(null, created), noShow, afterVisit);
    const cleared = from("a", {
      kind: "no_show_cleared",
      status: null,
      occurredAt: "2026-03-10T13:00:00.000Z",
      fields: {},
    });
    expect(apply(booking, cleared, afterVisit).status).toBe("completed");
    const early = { ...cleared, occurredAt: "2026-03-10T10:30:00.000Z" };
    const marked = apply(apply(null, created), {
      ...noShow,
      occurredAt: "2026-03-10T10:20:00.000Z",
    });
    expect(apply(marked, early, afterVisit).status).toBe("confirmed");
    expect(decide(apply(null, created), early, now).outcome).toBe("unchanged");
  });
});

describe("a person's change", () => {
  it("is refused with the allowed states when the table does not have it", () => {
    const own = apply(null, hubChange(manager, { fields: visit }));
    expect(
      decide(own, hubChange(clerk, { kind: "completed", status: "completed", fields: {} }), now),
    ).toEqual({
      outcome: "refused",
      code: "E_TRANSITION",
      reason: "a booking that is confirmed cannot become completed now",
      allowed: ["checked_in", "in_progress", "cancelled"],
    });
  });

  it("is refused when another system owns the booking", () => {
    const cancel = hubChange(manager, { kind: "cancelled", status: "cancelled", fields: {} });
    expect(decide(apply(null, created), cancel, now)).toMatchObject({ code: "E_NOT_OWNER" });
  });

  it("may check in a guest whatever system took the booking", () => {
    const checkIn = hubChange(clerk, { kind: "checked_in", status: "checked_in", fields: {} });
    expect(written(apply(null, created), checkIn)).toMatchObject({
      action: "checked_in",
      next: { status: "checked_in", ownerConnectionId: connectionId },
    });
  });
});

describe("a booking's messages in any order", () => {
  it("end in the same state, times and fields, however they are shuffled and repeated", () => {
    const renamed = from("a", {
      kind: "updated",
      occurredAt: "2026-03-01T09:00:00.000Z",
      fields: { ...visit, title: "Cut only" },
    });
    const movedWhole = { ...moved, fields: { ...renamed.fields, ...moved.fields } };
    const cancelledNew = {
      ...cancelled,
      refs: { uid: "b", previousUid: null, icalUid: null },
      fields: movedWhole.fields,
    };
    const history = [created, renamed, movedWhole, cancelledNew];
    const truth = applyAll(history);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...history), { maxLength: 6 }),
        fc.shuffledSubarray(history, { minLength: 4 }),
        (repeats, shuffled) => {
          const ended = applyAll([...shuffled, ...repeats]);
          expect({ status: ended.status, startsAt: ended.startsAt, title: ended.title }).toEqual({
            status: truth.status,
            startsAt: truth.startsAt,
            title: truth.title,
          });
        },
      ),
    );
  });
});
