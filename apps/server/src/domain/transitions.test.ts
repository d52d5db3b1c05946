import { bookingStatuses } from "@slotwire/contract";
import { describe, expect, it } from "vitest";
import {
  allowedStatuses,
  type FromStatus,
  isAllowed,
  type TransitionContext,
  transitions,
} from "./transitions.ts";

const start = "2026-03-10T10:00:00.000Z";
const end = "2026-03-10T11:00:00.000Z";

const context = (overrides: Partial<TransitionContext> = {}): TransitionContext => ({
  fromOwner: true,
  ownedBySource: false,
  mayCorrect: false,
  backfill: false,
  now: new Date("2026-03-10T12:00:00Z"),
  startsAt: start,
  endsAt: end,
  ...overrides,
});

const froms = ["new", ...bookingStatuses] as const satisfies readonly FromStatus[];
const reachable = (overrides: Partial<TransitionContext>): Record<string, string> =>
  Object.fromEntries(
    froms.map((from) => [from, allowedStatuses(from, context(overrides)).join(" ")]),
  );

describe("the state table", () => {
  it("lets a clerk take the steps of the working day", () => {
    expect(reachable({})).toEqual({
      new: "pending confirmed",
      pending: "confirmed cancelled rejected",
      confirmed: "checked_in in_progress completed no_show cancelled",
      checked_in: "in_progress completed no_show cancelled",
      in_progress: "completed cancelled",
      completed: "",
      no_show: "",
      cancelled: "",
      rejected: "",
    });
  });

  it("lets a manager undo, fix, reopen and reinstate as well", () => {
    expect(reachable({ mayCorrect: true })).toEqual({
      new: "pending confirmed",
      pending: "confirmed cancelled rejected",
      confirmed: "checked_in in_progress completed no_show cancelled",
      checked_in: "confirmed in_progress completed no_show cancelled",
      in_progress: "checked_in completed cancelled",
      completed: "confirmed no_show cancelled",
      no_show: "confirmed completed cancelled",
      cancelled: "confirmed",
      rejected: "",
    });
  });

  it("lets the source that owns a booking decline and reopen requests too", () => {
    expect(reachable({ ownedBySource: true })).toEqual({
      new: "pending confirmed cancelled rejected",
      pending: "confirmed completed no_show cancelled rejected",
      confirmed: "pending checked_in in_progress completed no_show cancelled rejected",
      checked_in: "confirmed in_progress completed no_show cancelled",
      in_progress: "checked_in completed cancelled",
      completed: "confirmed no_show cancelled",
      no_show: "confirmed completed cancelled",
      cancelled: "pending confirmed",
      rejected: "pending confirmed",
    });
  });

  it("takes finished bookings as history only", () => {
    expect(reachable({ backfill: true })["new"]).toBe(
      "pending confirmed completed no_show cancelled",
    );
  });

  it("does not complete a booking before it starts", () => {
    const early = context({ now: new Date("2026-03-10T09:59:59Z") });
    expect(isAllowed("confirmed", "completed", early)).toBe(false);
    expect(isAllowed("confirmed", "no_show", early)).toBe(false);
    expect(isAllowed("confirmed", "completed", context({ now: new Date(start) }))).toBe(true);
  });

  it("reopens a completed booking for 30 days and no longer", () => {
    const day = 24 * 3600 * 1000;
    const after = (days: number) =>
      context({ mayCorrect: true, now: new Date(Date.parse(end) + days * day) });
    expect(isAllowed("completed", "confirmed", after(30))).toBe(true);
    expect(isAllowed("completed", "confirmed", after(30.01))).toBe(false);
    expect(isAllowed("completed", "no_show", after(400))).toBe(true);
  });

  it("knows no step from a state to itself", () => {
    for (const status of bookingStatuses) expect(transitions[status][status]).toBe("never");
  });
});
