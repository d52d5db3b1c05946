import type { BookingChange } from "./booking.ts";
import { decide } from "./decide.ts";
import { decideMerge } from "./decide-merge.ts";
import type { Decision } from "./decision.ts";
import type { Match } from "./match-bookings.ts";

/** Decides what a change makes of the bookings that it is about. Pure. */
export function decideMatch(match: Match, told: BookingChange, now: Date): Decision {
  const { current, absorbed, later } = match;
  const change = match.leavesPrevious === true ? withoutPrevious(told) : told;
  if (current !== null && absorbed !== null && later !== null) {
    return decideMerge(current, absorbed, later, change, now);
  }
  if (current === null && change.bookingId !== null && change.kind !== "created") {
    return { outcome: "unknown", reason: "there is no such booking" };
  }
  return decide(current, change, now);
}

/** The change of a booking whose predecessor is another one. */
function withoutPrevious(change: BookingChange): BookingChange {
  const { refs } = change;
  return { ...change, refs: refs && { ...refs, previousUid: null } };
}
