/**
 * How the live stream stands.
 * idle          not started, or closed; where tabs cannot share, also hidden for a while
 * connecting    the first connection is being made
 * live          connected; what is shown is what the log says
 * reconnecting  the connection broke; it comes back where it was
 * polling       streams do not come through: the log is asked for page by page
 * offline       the device has no network
 * denied        the hub refuses who asks (401, 403), or what a stream of one's own asks for; `retry()` tries again,
 *               and, where nobody was signed in (401), a page that is looked at anew
 */
export type LiveStatus =
  | "idle"
  | "connecting"
  | "live"
  | "reconnecting"
  | "polling"
  | "offline"
  | "denied";

/** The state of a live stream. A new object whenever something in it changes. */
export interface LiveState {
  readonly status: LiveStatus;
  /** The position in the log up to which everything was handed out; null before the first one. */
  readonly lastSeq: number | null;
  /** When the hub was last heard of, in milliseconds of the epoch; null before the first time. */
  readonly lastSyncedAt: number | null;
  /** Why it is not live, in words; null while all is well. */
  readonly error: string | null;
  /** Whether what is `denied` is so because nobody is signed in (401): what was shown may be nobody's now. */
  readonly isSignedOut?: boolean | undefined;
  /** How often the log could not go on where the reader was: reload what is shown when it grows. */
  readonly gapCount: number;
}

export const idleState: LiveState = {
  status: "idle",
  lastSeq: null,
  lastSyncedAt: null,
  error: null,
  gapCount: 0,
};
