import type { Booking, BookingChange } from "./booking.ts";
import type { Decision } from "./decision.ts";
import { toInstant } from "./heard.ts";

/**
 * A system beside the hub (an external calendar) answers what a booking of the hub's own should be.
 * Of its answers the last one that it gave counts, by its own clock; what people of the hub want has
 * no such time, and counts when it comes.
 * @returns why an answer came too late; null when it did not, or is none
 */
export function overtakenAnswer({ heard }: Booking, change: BookingChange): Decision | null {
  const by = answererOf(change);
  const last = by === null ? undefined : heard.answers?.[by];
  if (last === undefined || Date.parse(change.occurredAt) >= last) return null;
  const { name } = change.actor;
  const reason = `out of date: ${name ?? "it"} has said something of this booking as of ${toInstant(last)}`;
  return { outcome: "stale", reason };
}

/** The booking with the time of an answer kept; the same one when the change is none. */
export function noteAnswer(booking: Booking, change: BookingChange): Booking {
  const by = answererOf(change);
  const at = Date.parse(change.occurredAt);
  if (by === null || booking.heard.answers?.[by] === at) return booking;
  const answers = { ...booking.heard.answers, [by]: at };
  return { ...booking, heard: { ...booking.heard, answers } };
}

/** The connection whose answer a change is. */
function answererOf({ connectionId, actor }: BookingChange): string | null {
  return connectionId === null && actor.kind === "connection" ? actor.id : null;
}
