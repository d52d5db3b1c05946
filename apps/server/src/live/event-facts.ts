import type { BookingEvent, BookingEventType } from "@slotwire/contract";
import { type EventSides, sidesOf } from "../domain/views/event-sides.ts";

/** What decides who is sent an event. */
export interface EventFacts extends EventSides {
  readonly seq: number;
  readonly type: BookingEventType;
  readonly bookingId: string;
  /** The member who made it; null when nobody did, or something else. */
  readonly userId: string | null;
}

/** As much of an event as its facts follow from. */
export type EventSketch = Pick<BookingEvent, "seq" | "type" | "booking_id" | "data"> & {
  readonly actor: Pick<BookingEvent["actor"], "kind" | "id">;
};

export function factsOf(event: EventSketch): EventFacts {
  const { after, before } = sidesOf(event);
  return {
    seq: event.seq,
    type: event.type,
    bookingId: event.booking_id,
    userId: event.actor.kind === "user" ? event.actor.id : null,
    after,
    before,
  };
}
