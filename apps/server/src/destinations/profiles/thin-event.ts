import type { BookingEvent } from "@slotwire/contract";
import { showEvent } from "../../domain/views/show-event.ts";

/** An event without its booking and without what anybody wrote: ids, states and times. */
export function thinEvent(event: BookingEvent): BookingEvent {
  return { ...showEvent(event, "ids"), data: {} };
}
