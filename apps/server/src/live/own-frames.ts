import type { EventDetail } from "../domain/views/show-event.ts";
import type { View } from "../domain/views/view.ts";
import type { EventFacts } from "./event-facts.ts";

/** Whether the event tells of a booking that is theirs after it, or was until then. */
export function concerns({ own }: View, { after, before }: EventFacts): boolean {
  if (own === null) return true;
  if (own.providerEmail === null) return false;
  return after.providerEmail === own.providerEmail || before.providerEmail === own.providerEmail;
}

/**
 * How much of an event the view shows; null for nothing. Of a booking that became somebody else's by
 * it, or that has since, they learn that it is gone.
 * @param isTheirs whether the booking is theirs by now
 */
export function detailOf(
  view: View,
  facts: EventFacts,
  isTheirs: (bookingId: string) => boolean,
): EventDetail | null {
  if (view.own === null) return view.detail;
  if (!concerns(view, facts)) return null;
  const isWhole = facts.after.providerEmail === view.own.providerEmail && isTheirs(facts.bookingId);
  return isWhole ? view.detail : "left";
}
