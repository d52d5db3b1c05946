import { isRefusal } from "../api-error.ts";
import { pause } from "../pause.ts";
import type { Transport } from "../transport.ts";
import { loadLater } from "./load-later.ts";
import { idleState, type LiveState } from "./live-status.ts";
import type { LogSource, SourceListener } from "./log-source.ts";
import { readPage } from "./read-page.ts";
import { reconnectDelay } from "./reconnect-delay.ts";
import {
  type BookingEventStream,
  type StreamListener,
  type StreamOptions,
  streamBookingEvents,
} from "./stream-booking-events.ts";
import type { Leap, Stretch } from "./stretch.ts";
import {
  createSubscription,
  type LiveSubscriber,
  type Subscription,
  type SubscriptionHost,
} from "./subscription.ts";
import { tell } from "../tell.ts";

/** One connection for all who follow the organisation's events in this program or browser. */
export interface LiveFeed {
  readonly state: LiveState;
  /** How many are subscribed. */
  readonly subscriptionCount: number;
  /**
   * Follows the events that pass the subscriber's filter, from now on unless it says otherwise; the
   * connection opens with the first subscriber and closes shortly after the last.
   * @returns a function that unsubscribes
   * @throws TypeError where the client needs a `baseUrl`
   */
  readonly subscribe: (subscriber: LiveSubscriber) => () => void;
  /** Hears of every new state, without keeping the connection open. */
  readonly watch: (listener: () => void) => () => void;
  /** Connects anew at once, also after `denied`; in whichever tab the connection is. */
  readonly retry: () => void;
  /** Closes the connection at once, whoever is subscribed. */
  readonly close: () => void;
}

export interface FeedOptions extends Pick<
  StreamOptions,
  "reconnectDelays" | "stallTimeout" | "firstByteTimeout" | "pollingTime"
> {
  /** False gives this client a connection of its own. Otherwise tabs of the same reader share one. */
  readonly shareTabs?: boolean;
}

/** How long the connection outlives its last subscriber: screens change within that time. */
const LINGER = 1000;
/** How long it may be away before subscribers are told. */
const LOST_AFTER = 5000;

/** Makes the shared feed of one client. */
export function createLiveFeed(transport: Transport, options: FeedOptions = {}): LiveFeed {
  const subscriptions = new Set<Subscription>();
  const watchers = new Set<() => void>();
  let source: LogSource | null = null;
  let state = idleState;
  let position: number | null = null;
  /** Whose log the position is in, and as whom it is read. */
  let whose: string | null = null;
  let lingering: ReturnType<typeof setTimeout> | undefined;
  let losing: ReturnType<typeof setTimeout> | undefined;
  /** Aborted when the connection is closed. */
  let closing = new AbortController();
  /** Aborted when the connection is there again. */
  let wake = new AbortController();

  const isUp = (): boolean => state.status === "live" || state.status === "polling";
  const setState = (change: Partial<LiveState>): void => {
    const wasUp = isUp();
    const wasIdle = state.status === "idle";
    state = { ...state, ...change, lastSeq: position };
    if (state.status === "idle" || isUp()) clearTimeout(losing);
    else if (wasUp || wasIdle) losing = setTimeout(tellOfLoss, LOST_AFTER);
    if (isUp() && !wasUp) {
      wake.abort();
      wake = new AbortController();
    }
    forEach(watchers, tell);
  };
  const tellOfLoss = (): void => {
    forEach(subscriptions, (subscription) => tell(subscription.subscriber.onLostConnection));
  };
  const isOurs = (theirs: string | null): boolean => theirs === null || theirs === whose;
  const onLeap = (leap: Leap): void => {
    // A page may have said so before the stream found out.
    if (leap.position === null && leap.whose === whose) return;
    ({ position } = leap);
    whose = leap.whose ?? whose;
    setState({ gapCount: state.gapCount + 1 });
    forEach(subscriptions, (subscription) => subscription.leap(leap));
  };
  const onStretch = (stretch: Stretch): void => {
    whose ??= stretch.whose;
    if (!isOurs(stretch.whose)) return;
    position = Math.max(position ?? 0, stretch.to);
    forEach(subscriptions, (subscription) => subscription.take(stretch));
  };
  const place = (): Stretch | null =>
    position === null ? null : { whose, from: position, to: position, events: [] };
  const listener: SourceListener = {
    onStretch,
    onLeap,
    // Gaps are counted here: one source follows another.
    onState: (shared) => setState({ ...shared, gapCount: state.gapCount }),
    place,
    isOurs,
    ask: () => host.page({ recent: 0 }, closing.signal),
  };
  const openStream = (ofSource: StreamListener): BookingEventStream =>
    streamBookingEvents(transport, {
      ...options,
      ...ofSource,
      after: position,
      whose,
      lastSyncedAt: state.lastSyncedAt,
    });
  const open = (): LogSource => {
    if (options.shareTabs === false || !canShare()) return openStream(listener);
    const { signal } = closing;
    let opened: LogSource | undefined;
    setState({ status: "connecting" });
    // Without it, this tab has a connection of its own.
    const share = loadLater(signal).then(
      ({ shareAmongTabs }) => shareAmongTabs,
      () => null,
    );
    void share.then((shareAmongTabs) => {
      if (signal.aborted) return;
      opened = shareAmongTabs?.(transport, listener, openStream) ?? openStream(listener);
    });
    return {
      retry: () => opened?.retry(),
      close: () => opened?.close(),
    };
  };
  const close = (): void => {
    clearTimeout(lingering);
    closing.abort();
    closing = new AbortController();
    forEach(subscriptions, (subscription) => subscription.rest());
    source?.close();
    source = null;
    position = null;
    whose = null;
    setState({ status: "idle", error: null, isSignedOut: false });
  };
  const host: SubscriptionHost = {
    async page(query, signal) {
      const page = await readPage(transport, query, signal);
      // What a former reader was answered must not count as the present one's.
      signal.throwIfAborted();
      whose ??= page.whose;
      if (!isOurs(page.whose)) {
        onLeap({ whose: page.whose, position: null, gap: { oldest: 0, newest: 0 } });
        // The stream is still the former reader's.
        source?.retry();
      }
      return page;
    },
    isUp,
    pause(failures, failure, signal) {
      // What broke while the connection stood has its own time; what is refused with it, no time at all.
      const delay = reconnectDelay(failures, failure, options.reconnectDelays);
      const time = !isUp() && isRefusal(failure) ? Infinity : delay;
      return pause(time, AbortSignal.any([signal, wake.signal]));
    },
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
      transport.requireHub();
      const subscription = createSubscription(subscriber, host);
      clearTimeout(lingering);
      if (source === null) {
        // Those who were there when it was closed go on where they were.
        forEach(subscriptions, (former) => former.start());
        source = open();
      }
      subscriptions.add(subscription);
      // Where the connection stands, nothing else might be heard for long.
      queueMicrotask(() => {
        const now = place();
        if (now !== null) subscription.take(now);
      });
      return () => {
        subscription.close();
        if (subscriptions.delete(subscription) && subscriptions.size === 0) {
          lingering = setTimeout(close, LINGER);
        }
      };
    },
    watch(listenerOfOne) {
      const entry = (): void => listenerOfOne();
      watchers.add(entry);
      return () => void watchers.delete(entry);
    },
    retry: () => source?.retry(),
    close,
  };
}

/** Tells all who are there: who is told may leave, or have others leave or come. */
function forEach<One>(all: ReadonlySet<One>, tellOne: (one: One) => void): void {
  for (const one of new Set(all)) if (all.has(one)) tellOne(one);
}

/** Whether this is a page or worker that can share. Node has the same names, and no tabs. */
function canShare(): boolean {
  const scope = globalThis as { isSecureContext?: boolean };
  return scope.isSecureContext === true && "BroadcastChannel" in scope && "locks" in navigator;
}
