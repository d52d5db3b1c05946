import type { Booking, BookingChange } from "./booking.ts";
import type { Decision } from "./decision.ts";
import { lastWordAt, toInstant } from "./heard.ts";

/** Where others may still be told of, a word on them is kept; where one person comes, it is wrong. */
export function unknownPeople({ onePerson }: BookingChange): Decision {
  const code = "E_ATTENDEE_UNKNOWN";
  const reason = "nobody on the booking has the address that it names";
  return onePerson === true
    ? { outcome: "refused", code, reason, allowed: [] }
    : { outcome: "unchanged", code, reason: `${reason}: it counts once they are told of` };
}

/** Why a word came too late, for people. @param at when it was said, in ms */
export function overtakenBy(known: Booking, at: number): string {
  const later = lastWordAt(known);
  if (later <= at) return "something later is already known";
  return `it counts as of ${toInstant(at)}, and what was told as of ${toInstant(later)} is known already`;
}
