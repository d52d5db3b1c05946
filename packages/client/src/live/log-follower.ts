import type { BookingEvent, StreamGap } from "@slotwire/contract";
import { tell } from "../tell.ts";
import { idleState, type LiveState } from "./live-status.ts";
import type { StreamListener } from "./stream-booking-events.ts";

/** Where a reader of the log is, and how it stands. Its listener is told of all that changes. */
export interface LogFollower {
  readonly state: LiveState;
  readonly isClosed: boolean;
  readonly update: (change: Partial<LiveState>) => void;
  /**
   * Says whose log is read, and as whom.
   * @throws ReconnectNow when that was another one before: a position means nothing there
   */
  readonly enter: (whose: string | null) => void;
  /** @param position from where the log goes on; null in another log */
  readonly leap: (gap: StreamGap, position: number | null) => void;
  /** Hands out the next piece of the log. @param events those up to `to`, or some of them */
  readonly moveTo: (to: number, events: readonly BookingEvent[]) => void;
  /** Leaves the connection to make the next one. */
  readonly reconnect: () => never;
  readonly close: () => void;
}

/** Thrown inside a connection to make the next one without a pause, unless that was done just now. */
export class ReconnectNow extends Error {
  override readonly message = "The hub asks for another connection.";
}

/** Makes the follower of one listener. */
export function createLogFollower(listener: StreamListener): LogFollower {
  const { after = null, lastSyncedAt = null } = listener;
  let { whose = null } = listener;
  let state: LiveState = { ...idleState, lastSeq: after, lastSyncedAt };
  let isClosed = false;

  const update = (change: Partial<LiveState>): void => {
    const former = state;
    const keys = Object.keys(change) as (keyof LiveState)[];
    if (keys.every((key) => former[key] === change[key])) return;
    state = { ...state, ...change };
    tell(listener.onState, state);
  };
  const leap: LogFollower["leap"] = (gap, position) => {
    update({ gapCount: state.gapCount + 1, lastSeq: position });
    tell(listener.onLeap, { whose, gap, position });
    tell(listener.onGap, gap);
  };
  const reconnect = (): never => {
    throw new ReconnectNow();
  };
  return {
    get state() {
      return state;
    },
    get isClosed() {
      return isClosed;
    },
    update,
    enter(next) {
      const former = whose;
      whose = next ?? former;
      if (former === null || next === null || former === next) return;
      leap({ oldest: 0, newest: 0 }, null);
      reconnect();
    },
    leap,
    moveTo(to, events) {
      const from = state.lastSeq ?? to - events.length;
      // A listener may close the stream in the middle of a page.
      if (isClosed || !(to >= from + events.length)) return;
      for (const event of events) tell(listener.onEvent, event);
      tell(listener.onStretch, { whose, from, to, events });
      update({ lastSeq: to });
    },
    reconnect,
    close() {
      isClosed = true;
      update({ status: "idle", error: null });
    },
  };
}
