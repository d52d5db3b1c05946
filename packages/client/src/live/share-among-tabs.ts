import type { BookingEvent } from "@slotwire/contract";
import type { ApiError } from "../api-error.ts";
import type { Transport } from "../transport.ts";
import type { BookingEventStream, StreamListener } from "./stream-booking-events.ts";
import type { Stretch } from "./stretch.ts";
import { readerName } from "./reader-name.ts";
import type { LogSource, SharedState, SourceListener } from "./log-source.ts";
import { onWakeUp } from "./on-wake-up.ts";
import { isTabMessage, type TabMessage } from "./tab-message.ts";

/** How long the tab with the connection may keep silent when it is asked, in milliseconds. */
const PATIENCE = 5000;
/** The same when this one was opened or has come back. */
const SHORT_PATIENCE = 2000;
/** How often the others are told of bytes that bring nothing, at most. */
const STATE_PAUSE = 1000;

/**
 * Shares one stream among the tabs of a browser: the tab that holds the lock has it open, and tells
 * the others what it hears, always with positions, so that nothing depends on who is listened to. A
 * tab that closes leaves the lock to the next one; from one that keeps silent it is stolen. Whoever
 * gets it goes on at its own position.
 * @param open opens the stream at the listener's place
 */
export function shareAmongTabs(
  transport: Transport,
  listener: SourceListener,
  open: (listener: StreamListener) => BookingEventStream,
): LogSource {
  let channel: InstanceType<typeof BroadcastChannel> | undefined;
  let lockName = "";
  /** There is one in the tab that holds the lock. */
  let stream: BookingEventStream | null = null;
  let isClosed = false;
  /** Closes it. */
  let stepDown = (): void => {};
  /** Gives the lock back. */
  let release = (): void => {};
  /** Ends the present wish for it. */
  let wish = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let hasHeard = false;
  /** The hub has refused this tab itself. Another one may show what has ended, or nothing yet. */
  let isRefused = false;
  let latest: SharedState = { status: "connecting", lastSyncedAt: null, error: null };
  let toldAt = 0;
  /** Whose messages are not taken, as whoever reads here is somebody else. */
  let doubted: string | null = null;
  /** The connection was taken from somebody else before. */
  let hasTaken = false;
  /** What the others are to hear of the chunk that is being read. */
  let batch: { first: Stretch; to: number; events: BookingEvent[] } | null = null;

  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is no window
  const post = (message: TabMessage): void => channel?.postMessage(message);
  const flush = (): void => {
    if (batch !== null) post(["log", { ...batch.first, to: batch.to, events: batch.events }]);
    batch = null;
  };
  const tellState = (): void => {
    flush();
    toldAt = Date.now();
    post(["state", latest, listener.place()]);
  };
  const lead = (): void => {
    clearTimeout(timer);
    let isMine = true;
    const mine = open({
      onStretch(stretch) {
        if (batch === null) {
          batch = { first: stretch, to: stretch.to, events: [] };
          queueMicrotask(flush);
        }
        batch.to = stretch.to;
        batch.events.push(...stretch.events);
        listener.onStretch(stretch);
      },
      onLeap(leap) {
        flush();
        post(["leap", leap]);
        listener.onLeap(leap);
      },
      onState({ status, lastSyncedAt, error, isSignedOut }) {
        if (!isMine) return;
        isRefused = status === "denied";
        const isNews = status !== latest.status || error !== latest.error;
        latest = { status, lastSyncedAt, error, isSignedOut };
        listener.onState(latest);
        if (isNews || Date.now() - toldAt > STATE_PAUSE) tellState();
      },
    });
    stream = mine;
    stepDown = () => {
      isMine = false;
      stream = null;
      mine.close();
    };
    // Who listens to the state may have closed it at once.
    if (isClosed) stepDown();
  };
  const hold = (): Promise<void> | undefined => {
    if (isClosed) return undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    lead();
    return held;
  };
  const wishForLock = async (steal: boolean): Promise<void> => {
    wish.abort();
    const { signal } = (wish = new AbortController());
    try {
      await navigator.locks.request(lockName, steal ? { steal } : { signal }, hold);
    } catch (error) {
      if (signal.aborted) return;
      // Where locks are forbidden, nothing is shared.
      if ((error as Error).name !== "AbortError") return lead();
      // It was stolen from here, in some sleep.
      stepDown();
      void wishForLock(false);
      watch(SHORT_PATIENCE);
    }
  };
  /** Sees to it that somebody holds the connection who answers. */
  const watch = (patience: number): void => {
    clearTimeout(timer);
    if (stream !== null || channel === undefined) return;
    hasHeard = false;
    post(["ask"]);
    // Spread, so that not all tabs steal from each other.
    timer = setTimeout(
      () => {
        if (hasHeard) return watch(PATIENCE);
        const isOfOther = doubted !== null;
        // Two who are not the same reader would take it from each other for ever.
        if (isOfOther && hasTaken) return leave();
        hasTaken ||= isOfOther;
        void wishForLock(true);
      },
      patience * (1 + Math.random()),
    );
  };
  /** Shares nothing any more. */
  const leave = (): void => {
    wish.abort();
    channel?.close();
    channel = undefined;
    lead();
  };
  /** Somebody has signed in, here or there: only the hub knows whose messages these are. */
  const doubt = (theirs: string | null): void => {
    if (doubted === theirs) return;
    doubted = theirs;
    listener.ask().then(
      ({ whose, position }) => {
        listener.onStretch({ whose, from: position, to: position, events: [] });
        post([listener.isOurs(theirs) ? "ask" : "retry"]);
      },
      ({ status }: Partial<ApiError>) => {
        // Who is refused does not find out who it is, however often it asks.
        if (status !== 401 && status !== 403) doubted = null;
      },
    );
  };
  const receive = (message: unknown): void => {
    if (!isTabMessage(message) || isClosed) return;
    if (stream !== null) {
      if (message[0] === "ask") tellState();
      else if (message[0] === "retry") stream.retry();
      return;
    }
    if (message[0] === "ask" || message[0] === "retry") return;
    if (message[0] === "state" && message[1].status === "denied" && !isRefused) {
      return void wishForLock(true);
    }
    const place = message[0] === "state" ? message[2] : message[1];
    if (place !== null && !listener.isOurs(place.whose)) return doubt(place.whose);
    hasHeard = true;
    doubted = null;
    if (message[0] === "leap") listener.onLeap(message[1]);
    else if (message[0] === "log") {
      listener.onStretch(message[1]);
      listener.onState({ ...latest, lastSyncedAt: Date.now() });
    } else {
      latest = message[1];
      if (latest.status === "live") isRefused = false;
      if (message[2] !== null) listener.onStretch(message[2]);
      listener.onState(latest);
    }
  };
  const join = (found: string): void => {
    clearTimeout(timer);
    if (isClosed || stream !== null) return;
    lockName = found;
    channel = new BroadcastChannel(found);
    channel.addEventListener("message", (event: unknown) =>
      receive((event as { data: unknown }).data),
    );
    void wishForLock(false);
    watch(SHORT_PATIENCE);
  };
  /** Without a name for the reader, or a channel, nothing is shared. */
  const followAlone = (): void => {
    if (!isClosed && stream === null && channel === undefined) lead();
  };
  const stopWaking = onWakeUp(() => {
    // Somebody may have signed in elsewhere. A tab with the connection tries for itself.
    if (stream === null && latest.isSignedOut === true) void wishForLock(true);
    else watch(SHORT_PATIENCE);
  });
  listener.onState(latest);
  // The page may never say whose token it has.
  timer = setTimeout(followAlone, PATIENCE);
  readerName(transport).then(join).catch(followAlone);

  return {
    retry() {
      if (stream !== null) stream.retry();
      // Whoever has the connection may lack what is needed to be let in.
      else if (latest.status === "denied") void wishForLock(true);
      else {
        post(["retry"]);
        watch(SHORT_PATIENCE);
      }
    },
    close() {
      flush();
      isClosed = true;
      clearTimeout(timer);
      stopWaking();
      stepDown();
      wish.abort();
      release();
      channel?.close();
      channel = undefined;
    },
  };
}
