import type { BookingResource } from "@slotwire/contract";
import { SlotwireError } from "../errors.ts";
import { allowedStatuses, isAllowed, type TransitionContext } from "../domain/transitions.ts";
import { statusOfWish, type Wish } from "./wish.ts";

/** Who wants it, and when. */
export interface Asking {
  readonly mayCorrect: boolean;
  readonly now: Date;
}

/** What the state table has to know of a booking that somebody of the hub wants to change. */
export function contextOf(
  { owner_connection_id: owner, starts_at: startsAt, ends_at: endsAt }: BookingResource,
  { mayCorrect, now }: Asking,
): TransitionContext {
  return {
    fromOwner: owner === null,
    ownedBySource: owner !== null,
    mayCorrect,
    backfill: false,
    now,
    startsAt,
    endsAt,
  };
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
  asking: Asking,
): SlotwireError | null {
  const { status } = booking;
  const context = contextOf(booking, asking);
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
