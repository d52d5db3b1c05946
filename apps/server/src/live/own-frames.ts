import type { EventDetail } from "../domain/views/show-event.ts";
import type { View } from "../domain/views/view.ts";
import type { EventFrame } from "./frames.ts";

/** Whether the frame tells of a booking that is theirs after it, or was until then. */
export function concerns({ own }: View, frame: EventFrame): boolean {
  if (own === null) return true;
  return own.providerEmail !== null && frame.providerEmails.includes(own.providerEmail);
}

/**
 * How much of a frame the view shows; null for nothing. Of a booking that became somebody else's by
 * it, or that has since, they learn that it is gone.
 * @param isTheirs whether the booking is theirs by now
 */
export function detailOf(
  view: View,
  frame: EventFrame,
  isTheirs: (bookingId: string) => boolean,
): EventDetail | null {
  if (view.own === null) return view.detail;
  if (!concerns(view, frame)) return null;
  const isWhole = frame.providerEmail === view.own.providerEmail && isTheirs(frame.bookingId);
  return isWhole ? view.detail : "left";
}
