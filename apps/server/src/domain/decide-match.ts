import type { Booking, BookingChange } from "./booking.ts";
import { decide } from "./decide.ts";
import { decideMerge } from "./decide-merge.ts";
import type { Decision } from "./decision.ts";
import type { Match } from "./match-bookings.ts";

/** Decides what a change makes of the bookings that it is about. Pure. */
export function decideMatch(match: Match, told: BookingChange, now: Date): Decision {
  const { current, absorbed, later } = match;
  const change = match.leftClass === undefined ? told : withoutPrevious(told);
  if (current !== null && absorbed !== null && later !== null) {
    return decideMerge(current, absorbed, later, change, now);
  }
  if (current === null && change.bookingId !== null && change.kind !== "created") {
    return { outcome: "unknown", reason: "there is no such booking" };
  }
  return decide(current, change, now);
}

/**
 * What a seat that moves to another time is to the class that it leaves: it is given up there. The
 * seat goes by its id where the class knows it, and else by who sat there.
 * @returns null when the change leaves no class
 */
export function leaveClass(
  { leftClass }: Match,
  change: BookingChange,
): { readonly left: Booking; readonly change: BookingChange } | null {
  const [mover] = change.fields.attendees ?? [];
  const uid = change.refs?.previousUid;
  if (leftClass === undefined || mover === undefined || uid == null) return null;
  const isKnownSeat = leftClass.attendees.some(({ seatRef }) => seatRef === mover.seatRef);
  const seat = {
    ...mover,
    status: "cancelled",
    seatRef: isKnownSeat ? mover.seatRef : null,
  } as const;
  const { seats = null } = change.fields;
  return {
    left: leftClass,
    change: {
      ...change,
      kind: "seat_cancelled",
      refs: { uid, previousUid: null, icalUid: null },
      sourceSequence: null,
      status: null,
      sourceStatus: null,
      statusReason: null,
      cancelledBy: null,
      fields: { attendees: [seat], seats },
    },
  };
}

/** The change of a booking whose predecessor is another one. */
function withoutPrevious(change: BookingChange): BookingChange {
  const { refs } = change;
  return { ...change, refs: refs && { ...refs, previousUid: null } };
}
