import type { BookingEvent, StreamGap } from "@slotwire/contract";

/** A piece of the log as its reader may see it: the events behind `from`, up to and including `to`. */
export interface Stretch {
  /** Whose log it is, and as whom it is read; null where the hub does not say. */
  readonly whose: string | null;
  readonly from: number;
  readonly to: number;
  readonly events: readonly BookingEvent[];
}

/** The log goes on from elsewhere: from `position`, or, when that is null, it is another log, or read as somebody else. */
export interface Leap {
  readonly whose: string | null;
  readonly position: number | null;
  readonly gap: StreamGap;
}
