import type { BookingEvent } from "@slotwire/contract";

/** A piece of the log as its reader may see it: the events behind `from`, up to and including `to`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly events: readonly BookingEvent[];
}
