import type { BookingEvent, BookingEventType, StreamGap } from "@slotwire/contract";
import { type ApiError, heldBack, isHeldBack, isRefusal } from "../api-error.ts";
import { type EventFilter, filterQuery, isNarrow } from "./event-filter.ts";
import type { LiveState, LiveStatus } from "./live-status.ts";
import { loadLater } from "./load-later.ts";
import { createLogFollower, ReconnectNow } from "./log-follower.ts";
import { pause } from "../pause.ts";
import { readPage } from "./read-page.ts";
import { reconnectDelay } from "./reconnect-delay.ts";
import type { StreamReader } from "./stream-reader.ts";
import type { Leap, Stretch } from "./stretch.ts";
import { tell } from "../tell.ts";
import type { Transport } from "../transport.ts";
import { whoseLog } from "./whose-log.ts";

export interface StreamOptions {
  /** Hands out what comes behind this seq: 0 for the whole log. Now, when absent. */
  readonly after?: number | null;
  readonly types?: readonly BookingEventType[] | undefined;
  readonly bookingId?: string | undefined;
  /** What else the events have to pass. */
  readonly filter?: EventFilter;
  /** Called once per event, in the order of the log. */
  readonly onEvent?: ((event: BookingEvent) => void) | undefined;
  /** Called whenever the state changes. */
  readonly onState?: (state: LiveState) => void;
  /** The log cannot go on behind the last position: reload what is shown. */
  readonly onGap?: ((gap: StreamGap) => void) | undefined;
  /** The hub refuses who asks, or what is asked: it is `denied`, and only `retry` asks again. */
  readonly onError?: ((error: ApiError) => void) | undefined;
  /** Milliseconds before the first, second … attempt to reconnect; the last one repeats. */
  readonly reconnectDelays?: readonly number[];
  /** Milliseconds without a byte after which the connection counts as dead. */
  readonly stallTimeout?: number;
  /** Milliseconds that a new stream has for its first byte, its head included; then it counts as held back. */
  readonly firstByteTimeout?: number;
  /** Milliseconds after which a stream is tried again where streams are held back. */
  readonly pollingTime?: number;
}

/** What the shared feed hears beyond that. */
export interface StreamListener extends StreamOptions {
  /** Called for every piece of the log, also where it has no event for this reader. */
  readonly onStretch?: (stretch: Stretch) => void;
  /** As `onGap`, with the position from which it goes on. */
  readonly onLeap?: (leap: Leap) => void;
  /** Whose log `after` is a position in, and as whom it was read. */
  readonly whose?: string | null;
  /** When another stream, which this one replaces, last heard of the hub. */
  readonly lastSyncedAt?: number | null;
}

/** An open stream. It lives until `close`. */
export interface BookingEventStream {
  readonly state: LiveState;
  /** Connects anew at once, also after `denied`, behind the same position. */
  retry(): void;
  close(): void;
}

const POLLING_TIME = 5 * 60_000;
/** How long one page waits for news, in seconds. */
const PAGE_WAIT = 20;
/** A pause after a page that brought nothing. */
const EMPTY_PAUSE = 1000;
/** Streams that fail so often while pages come through are held back. */
const MOST_FAILURES = 3;

/**
 * Follows the organisation's event log: every event once, in order, over any number of broken
 * connections, because each connection starts behind the last event that was handed out.
 * @throws TypeError where the client needs a `baseUrl`
 */
export function streamBookingEvents(
  transport: Transport,
  options: StreamListener = {},
): BookingEventStream {
  transport.requireHub();
  const { types, bookingId, filter, reconnectDelays, pollingTime = POLLING_TIME } = options;
  const query = filterQuery({ types, bookingId, ...filter });
  const follower = createLogFollower(options);
  /** Without words, as nobody is shown it: pages are asked for then. */
  const blocked = heldBack("");
  let isRunning = false;
  /** Ends the present connection or the wait before the next one. */
  let interrupt = new AbortController();
  /** Attempts since the stream last proved to work. */
  let failures = 0;
  /** Ends the pages that are asked for beside a stream. */
  let beside = new AbortController();
  /** The next connection replaces one that may be well: nothing is said before that is known. */
  let isReplacing = false;
  /** A page was had after streams had failed. */
  let doPagesWork = false;
  /** Once it is loaded. */
  let reader: StreamReader | undefined;

  /** Reads one stream to its end. */
  const stream = async (signal: AbortSignal): Promise<never> => {
    // Pages need nothing that is not loaded yet.
    const { createStreamReader } = await loadLater(signal).catch(() => {
      throw blocked;
    });
    signal.throwIfAborted();
    reader ??= createStreamReader(transport, follower, {
      ...options,
      query,
      isNarrow: isNarrow(query),
      heldBack: blocked,
      onProof: () => (failures = 0),
      onWakeUp() {
        isReplacing = follower.state.status === "live";
        retry();
      },
      onOpen: (headers) => follower.enter(whoseLog(headers)),
      onBytes: () => beside.abort(),
    });
    return reader.read(signal);
  };
  /** @param time how long, in milliseconds; one page alone, when absent */
  const poll = async (signal: AbortSignal, time?: number): Promise<void> => {
    // Not by the device's clock, which somebody may set back.
    const until = performance.now() + (time ?? 0);
    let wait = 0;
    // On plain HTTP tabs cannot share, and a browser has few connections: none is kept by waiting.
    const isBrief = (globalThis as { isSecureContext?: boolean }).isSecureContext === false;
    do {
      const page = await readPage(
        transport,
        { ...query, after: follower.state.lastSeq, wait: isBrief ? 0 : wait },
        signal,
      );
      // A stream may have come through meanwhile.
      signal.throwIfAborted();
      const { data, gap, position, more } = page;
      follower.enter(page.whose);
      if (time !== undefined)
        follower.update({ status: "polling", error: null, lastSyncedAt: Date.now() });
      if (gap !== null) follower.leap(gap, (data[0]?.seq ?? position + 1) - 1);
      for (const event of data) follower.moveTo(event.seq, [event]);
      follower.moveTo(position, []);
      // Something in between may answer at once what it should wait for.
      if (wait > 0 && data.length === 0) await pause(EMPTY_PAUSE, signal);
      wait = more ? 0 : PAGE_WAIT;
    } while (!signal.aborted && performance.now() < until);
  };
  /**
   * Follows by a stream, and, where that is held back, by pages.
   * @returns why it ended, or null when that was on purpose: to go on at once
   */
  const connection = async (signal: AbortSignal): Promise<Error | null> => {
    const { lastSeq, status } = follower.state;
    if (lastSeq === null) {
      // Nothing is lost when the stream's first byte does not come: pages go on from here.
      const failure = await endOf(signal, () => poll(signal));
      if (signal.aborted || isEnd(failure)) return failure;
    }
    // Where streams were held back, pages are asked for until one proves to come through.
    beside = new AbortController();
    const inTrial = AbortSignal.any([signal, beside.signal]);
    const isPolling = status === "polling";
    let end: Error | null = null;
    if (isPolling) {
      void endOf(inTrial, () => poll(inTrial, Infinity)).then((found) => {
        if (!isEnd(found)) return;
        end = found;
        interrupt.abort();
      });
    }
    const failure = (await endOf(signal, () => stream(signal))) ?? end;
    beside.abort();
    if (failure === null || isEnd(failure)) return failure;
    const isBlocked = isHeldBack(failure) || isPolling;
    if (!isBlocked && failures + 1 < MOST_FAILURES) return failure;
    const time = isBlocked || doPagesWork ? pollingTime : undefined;
    const inPages = await endOf(signal, () => poll(signal, time));
    doPagesWork = inPages === null;
    return inPages;
  };
  const run = async (): Promise<void> => {
    isRunning = true;
    let error: string | null = null;
    while (!follower.isClosed) {
      const { signal } = (interrupt = new AbortController());
      // The trial of a stream between pages is nobody's concern.
      const isSilent = isReplacing || follower.state.status === "polling";
      isReplacing = false;
      if (isOffline() || !isSilent) {
        follower.update({ status: waitingStatus(follower.state), error, isSignedOut: false });
      }
      const failure = await connection(signal);
      if (follower.isClosed) return;
      if (isRefusal(failure)) {
        // Set first: a listener of the new state may call `retry`.
        isRunning = false;
        const { message, status } = failure;
        follower.update({ status: "denied", error: message, isSignedOut: status === 401 });
        tell(options.onError, failure);
        return;
      }
      const isAtOnce = failure instanceof ReconnectNow && failures === 0;
      if (failure !== null) failures += 1;
      error = isAtOnce ? null : (failure?.message ?? null);
      if (error === null) continue;
      follower.update({ status: waitingStatus(follower.state), error });
      await pause(reconnectDelay(failures, failure, reconnectDelays), signal);
    }
  };
  const retry = (): void => {
    failures = 0;
    interrupt.abort();
    if (!isRunning && !follower.isClosed) void run();
  };
  void run();
  return {
    get state() {
      return follower.state;
    },
    retry,
    close() {
      reader?.close();
      follower.close();
      interrupt.abort();
    },
  };
}

/** Whether neither another stream nor a page would help. */
const isEnd = (failure: unknown): boolean => failure instanceof ReconnectNow || isRefusal(failure);

function waitingStatus({ lastSyncedAt }: LiveState): LiveStatus {
  if (isOffline()) return "offline";
  return lastSyncedAt === null ? "connecting" : "reconnecting";
}

/** Whether the device itself says that it has no network. */
const isOffline = (): boolean =>
  (globalThis as { navigator?: { onLine?: boolean } }).navigator?.onLine === false;

/** Runs what ends by an error. @returns the error, or null when the end was wanted */
async function endOf(signal: AbortSignal, work: () => Promise<void>): Promise<Error | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (signal.aborted) return null;
    return error instanceof Error ? error : new Error(String(error));
  }
}
