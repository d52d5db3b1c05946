import type { Query, Transport } from "../transport.ts";
import { ApiError } from "../api-error.ts";
import { pause } from "../pause.ts";
import { idleState, type LiveState } from "./live-status.ts";
import { readPage } from "./read-page.ts";
import { reconnectDelay } from "./reconnect-delay.ts";
import {
  type BookingEventStream,
  type StreamOptions,
  streamBookingEvents,
} from "./stream-booking-events.ts";
import {
  createSubscription,
  type LiveSubscriber,
  type Subscription,
  type SubscriptionHost,
} from "./subscription.ts";
import { tell } from "./tell.ts";

/** One connection for all who follow the organisation's events in this program or page. */
export interface LiveFeed {
  readonly state: LiveState;
  /** How many are subscribed. */
  readonly subscriptionCount: number;
  /**
   * Follows the events that pass the subscriber's filter, from now on unless it says otherwise; the
   * connection opens with the first subscriber and closes shortly after the last.
   * @returns a function that unsubscribes
   */
  readonly subscribe: (subscriber: LiveSubscriber) => () => void;
  /** Hears of every new state, without keeping the connection open. */
  readonly watch: (listener: () => void) => () => void;
  readonly retry: () => void;
  /** Closes the connection at once, whoever is subscribed. */
  readonly close: () => void;
}

export type FeedOptions = Pick<
  StreamOptions,
  "reconnectDelays" | "stallTimeout" | "firstByteTimeout" | "pollingTime"
>;

/** How long the connection outlives its last subscriber: screens change within that time. */
const LINGER = 1000;
/** How long it may be away before subscribers are told. */
const LOST_AFTER = 5000;

/** Makes the shared feed of one client. */
export function createLiveFeed(transport: Transport, options: FeedOptions = {}): LiveFeed {
  const subscriptions = new Set<Subscription>();
  const watchers = new Set<() => void>();
  let stream: BookingEventStream | null = null;
  let state = idleState;
  let lingering: ReturnType<typeof setTimeout> | undefined;
  let losing: ReturnType<typeof setTimeout> | undefined;
  /** Aborted when the connection is there again. */
  let wake = new AbortController();

  const isUp = (): boolean => state.status === "live" || state.status === "polling";
  const setState = (next: LiveState): void => {
    const wasUp = isUp();
    const wasIdle = state.status === "idle";
    state = next;
    if (isUp() && !wasUp) {
      clearTimeout(losing);
      wake.abort();
      wake = new AbortController();
    } else if (state.status === "idle") clearTimeout(losing);
    else if ((wasUp || wasIdle) && !isUp()) losing = setTimeout(lose, LOST_AFTER);
    for (const watcher of watchers) tell(watcher);
  };
  const lose = (): void => {
    for (const { subscriber } of subscriptions) tell(subscriber.onLostConnection);
  };
  const open = (): BookingEventStream =>
    streamBookingEvents(transport, {
      ...options,
      onStretch: (stretch) => {
        for (const { take } of subscriptions) take(stretch);
      },
      onLeap: (gap, position) => {
        for (const { leap } of subscriptions) leap(gap, position);
      },
      onState: setState,
    });
  const close = (): void => {
    clearTimeout(lingering);
    stream?.close();
    stream = null;
  };
  const host: SubscriptionHost = {
    page: (query: Query, signal) => readPage(transport, query, signal),
    me: () =>
      transport.json<{ user: { id: string } }>("GET", "/api/v1/session").then(
        ({ user }) => user.id,
        (error: unknown) => {
          if (error instanceof ApiError) return null;
          throw error;
        },
      ),
    isUp,
    pause: (failures, signal) =>
      pause(
        reconnectDelay(failures, options.reconnectDelays),
        AbortSignal.any([signal, wake.signal]),
      ),
    stream: (ofOne) => streamBookingEvents(transport, { ...options, ...ofOne }),
  };

  return {
    get state() {
      return state;
    },
    get subscriptionCount() {
      return subscriptions.size;
    },
    subscribe(subscriber) {
      const subscription = createSubscription(subscriber, host);
      subscriptions.add(subscription);
      clearTimeout(lingering);
      stream ??= open();
      return () => {
        subscription.close();
        if (subscriptions.delete(subscription) && subscriptions.size === 0) {
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
