import type { Booking, BookingChange } from "./booking.ts";
import { differences } from "./booking-differences.ts";
import { decide } from "./decide.ts";
import { actionOf, type Decision } from "./decision.ts";
import { eventTypeOf } from "./event-type.ts";
import { mergeFields } from "./merge.ts";
import { refsAfter } from "./refs-after.ts";

/**
 * Decides what becomes of two bookings that a change shows to be one visit: a reschedule that
 * arrives after messages under both of its ids. The state of the later id wins, the earlier one
 * fills its blanks, and the hub's older booking keeps its identity.
 * @param current the booking that stays; `absorbed` is the other one
 * @param later that of the two which goes by the change's own id
 */
export function decideMerge(
  current: Booking,
  absorbed: Booking,
  later: Booking,
  change: BookingChange,
  now: Date,
): Decision {
  const earlier = later === current ? absorbed : current;
  const combined: Booking = {
    ...current,
    ...mergeFields(later, earlier, "older"),
    status: later.status,
    sourceStatus: later.sourceStatus,
    statusReason: later.statusReason,
    cancelledBy: later.cancelledBy,
    sourceSequence: later.sourceSequence,
    sourceUpdatedAt: later.sourceUpdatedAt,
    externalRefs: [...current.externalRefs, ...absorbed.externalRefs],
  };
  const decision = decide(combined, change, now);
  const next = decision.outcome === "write" ? decision.next : combined;
  const previous = differences(current, next);
  previous["external_refs"] = current.externalRefs.map((ref) => ref.externalId);
  const type = eventTypeOf(current, next, change.kind);
  return {
    outcome: "write",
    action: actionOf(change, type),
    next,
    refs: refsAfter(combined.externalRefs, change),
    event: {
      type,
      oldStatus: current.status,
      changedFields: Object.keys(previous),
      previous,
      irregular: false,
    },
  };
}
