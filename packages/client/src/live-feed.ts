import type { BookingEvent, StreamGap } from "@slotwire/contract";
import { idleState, type LiveState } from "./live-status.ts";
import {
  type BookingEventStream,
  type StreamOptions,
  streamBookingEvents,
} from "./stream-booking-events.ts";
import type { Transport } from "./transport.ts";

/** Who follows the shared stream. */
export interface LiveSubscriber {
  readonly onEvent?: (event: BookingEvent) => void;
  /** The log could not go on behind the last position: reload what is shown. */
  readonly onGap?: (gap: StreamGap) => void;
}

/** One stream for all who follow the organisation's events in this program or page. */
export interface LiveFeed {
  readonly state: LiveState;
  /**
   * Follows the events from now on; the connection opens with the first subscriber and closes
   * shortly after the last.
   * @returns a function that unsubscribes
   */
  readonly subscribe: (subscriber: LiveSubscriber) => () => void;
  /** Hears of every new state, without keeping the connection open. */
  readonly watch: (listener: () => void) => () => void;
  readonly retry: () => void;
  /** Closes the connection at once, whoever is subscribed. */
  readonly close: () => void;
}

/** How long the connection outlives its last subscriber: screens change within that time. */
const LINGER = 1000;

/** Makes the shared stream of one client. */
export function createLiveFeed(
  transport: Transport,
  options: Pick<StreamOptions, "reconnectDelays" | "stallTimeout"> = {},
): LiveFeed {
  const subscribers = new Set<LiveSubscriber>();
  const watchers = new Set<() => void>();
  let stream: BookingEventStream | null = null;
  let state = idleState;
  let lingering: ReturnType<typeof setTimeout> | undefined;

  const open = (): BookingEventStream =>
    streamBookingEvents(transport, {
      ...options,
      onEvent: (event) => each(subscribers, (subscriber) => subscriber.onEvent?.(event)),
      onGap: (gap) => each(subscribers, (subscriber) => subscriber.onGap?.(gap)),
      onState: (next) => {
        state = next;
        each(watchers, (watcher) => watcher());
      },
    });
  const close = (): void => {
    clearTimeout(lingering);
    stream?.close();
    stream = null;
  };

  return {
    get state() {
      return state;
    },
    subscribe(subscriber) {
      // A copy: the same object may be subscribed twice.
      const entry = { ...subscriber };
      subscribers.add(entry);
      clearTimeout(lingering);
      stream ??= open();
      return () => {
        if (subscribers.delete(entry) && subscribers.size === 0) {
          lingering = setTimeout(close, LINGER);
        }
      };
    },
    watch(listener) {
      const entry = (): void => listener();
      watchers.add(entry);
      return () => void watchers.delete(entry);
    },
    retry: () => stream?.retry(),
    close,
  };
}

/** Calls all of them, even when one throws: its error is reported like any other of the page. */
function each<Listener>(
  listeners: ReadonlySet<Listener>,
  call: (listener: Listener) => void,
): void {
  for (const listener of listeners) {
    try {
      call(listener);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
