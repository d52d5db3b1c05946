import type { LiveState } from "./live-status.ts";
import type { LogPage } from "./read-page.ts";
import type { Leap, Stretch } from "./stretch.ts";

/** Of a state what is the same for all who share a connection. */
export type SharedState = Pick<LiveState, "status" | "lastSyncedAt" | "error" | "isSignedOut">;

/** Where the pieces of the log come from. */
export interface LogSource {
  readonly retry: () => void;
  readonly close: () => void;
}

/** Who takes them. */
export interface SourceListener {
  readonly onStretch: (stretch: Stretch) => void;
  readonly onLeap: (leap: Leap) => void;
  readonly onState: (state: SharedState) => void;
  /** How far it is, as a piece of the log without events; null before it is anywhere. */
  readonly place: () => Stretch | null;
  /** Whether it is the log of this tab's reader. Of anybody else's nothing may be taken. */
  readonly isOurs: (whose: string | null) => boolean;
  /** Asks the hub where its log ends, and goes on as whom it answers. @throws what readPage does */
  readonly ask: () => Promise<LogPage>;
}
