import type { BookingChange } from "./booking.ts";
import { decide } from "./decide.ts";
import { decideMerge } from "./decide-merge.ts";
import type { Decision } from "./decision.ts";
import type { Match } from "./match-bookings.ts";

/** Decides what a change makes of the bookings that it is about. Pure. */
export function decideMatch(
  { current, absorbed, later }: Match,
  change: BookingChange,
  now: Date,
): Decision {
  if (current !== null && absorbed !== null && later !== null) {
    return decideMerge(current, absorbed, later, change, now);
  }
  if (current === null && change.bookingId !== null && change.kind !== "created") {
    return { outcome: "unknown", reason: "there is no such booking" };
  }
  return decide(current, change, now);
}
