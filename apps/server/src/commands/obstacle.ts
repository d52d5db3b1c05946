import type { BookingResource } from "@slotwire/contract";
import { SlotwireError } from "../errors.ts";
import { allowedStatuses, isAllowed } from "../domain/transitions.ts";
import { statusOfWish, type Wish } from "./wish.ts";

/** Who wants it, and when. */
export interface Asking {
  readonly mayCorrect: boolean;
  readonly now: Date;
}

/** States in which a booking is not moved any more. */
const over: readonly BookingResource["status"][] = [
  "cancelled",
  "rejected",
  "completed",
  "no_show",
];

/**
 * What stands in the way of a wish, by the state table: what the source would refuse anyway. Null
 * for nothing.
 * @returns an error with the states that are `allowed`
 */
export function obstacleTo(
  wish: Wish,
  booking: BookingResource,
  { mayCorrect, now }: Asking,
): SlotwireError | null {
  const { status } = booking;
  const context = {
    fromOwner: booking.owner_connection_id === null,
    ownedBySource: booking.owner_connection_id !== null,
    mayCorrect,
    backfill: false,
    now,
    startsAt: booking.starts_at,
    endsAt: booking.ends_at,
  };
  const refuse = (detail: string): SlotwireError =>
    new SlotwireError("E_TRANSITION", {
      detail,
      extra: { allowed: allowedStatuses(status, context) },
    });
  const target = statusOfWish(wish);
  if (target !== null && target !== status && !isAllowed(status, target, context)) {
    return refuse(`A booking that is ${status} cannot become ${target} now.`);
  }
  if (wish.kind === "reschedule" && over.includes(status)) {
    return refuse(`A booking that is ${status} cannot be moved.`);
  }
  const isNobodyNamed = booking.attendees.every(({ email }) => email === null);
  if (wish.kind === "no_show" && booking.owner_connection_id !== null && isNobodyNamed) {
    return refuse("Its source knows people by e-mail address, and nobody in it has one.");
  }
  return null;
}
