import type { BookingEvent, StreamGap } from "@slotwire/contract";

/** A piece of the log as its reader may see it: the events behind `from`, up to and including `to`. */
export interface Stretch {
  /** Whose log it is; null where the hub does not say. */
  readonly organisationId: string | null;
  readonly from: number;
  readonly to: number;
  readonly events: readonly BookingEvent[];
}

/** The log goes on from elsewhere: from `position`, or, when that is null, it is another log. */
export interface Leap {
  readonly organisationId: string | null;
  readonly position: number | null;
  readonly gap: StreamGap;
}
