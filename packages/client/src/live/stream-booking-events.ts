import type { BookingEvent, BookingEventType, StreamGap, StreamPage } from "@slotwire/contract";
import { ApiError } from "../api-error.ts";
import { type EventFilter, filterQuery } from "./event-filter.ts";
import { HeldBack } from "./held-back.ts";
import { idleState, type LiveState, type LiveStatus } from "./live-status.ts";
import { isOffline, onWakeUp } from "./on-wake-up.ts";
import { pause } from "../pause.ts";
import { readEventStream } from "./read-event-stream.ts";
import { readPage } from "./read-page.ts";
import { reconnectDelay } from "./reconnect-delay.ts";
import type { StreamMessage } from "./event-stream-parser.ts";
import type { Leap, Stretch } from "./stretch.ts";
import { tell } from "./tell.ts";
import type { Query, Transport } from "../transport.ts";

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
  /** Milliseconds before the first, second … attempt to reconnect; the last one repeats. */
  readonly reconnectDelays?: readonly number[];
  /** Milliseconds without a byte after which the connection counts as dead. */
  readonly stallTimeout?: number;
  /** Milliseconds that a new stream has for its first byte; then it counts as held back. */
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
  /** Whose log `after` is a position in. */
  readonly organisationId?: string | null;
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

/** The hub sends a heartbeat every 25 s: two of them may be lost. */
const STALL_TIMEOUT = 60_000;
/** The hub sends the first byte at once: a proxy that collects answers does not pass it on. */
const FIRST_BYTE_TIMEOUT = 8000;
const POLLING_TIME = 5 * 60_000;
/** How long one page waits for news, in seconds. */
const PAGE_WAIT = 20;
/** A pause after a page that brought nothing. */
const EMPTY_PAUSE = 1000;
/** Streams that fail so often while pages come through are held back. */
const MOST_FAILURES = 3;
/** A connection that is told to be alive again and was silent for longer is made anew. */
const SUSPECT_AFTER = 30_000;
/** A connection that lived longer was a good one: the next failure counts as the first. */
const PROVEN_AFTER = 10_000;

/**
 * Follows the organisation's event log: every event once, in order, over any number of broken
 * connections, because each connection starts behind the last event that was handed out.
 */
export function streamBookingEvents(
  transport: Transport,
  options: StreamListener = {},
): BookingEventStream {
  const stream = new ReconnectingStream(transport, options);
  stream.start();
  return stream;
}

class ReconnectingStream implements BookingEventStream {
  readonly #transport: Transport;
  readonly #options: StreamListener;
  readonly #query: Query;
  readonly #stopWaking: () => void;
  #state: LiveState;
  #closed = false;
  #running = false;
  /** Ends the present connection or the wait before the next one. */
  #interrupt = new AbortController();
  /** Attempts since the stream last proved to work. */
  #failures = 0;
  /** A page was had after streams had failed. */
  #pagesWork = false;
  /** The last connection was left because an event was missing. */
  #missed = false;
  /** Whether the reader is sent a part of the log alone. */
  #isNarrow: boolean;
  /** Whose log the position is in. */
  #organisationId: string | null;

  constructor(transport: Transport, options: StreamListener) {
    this.#transport = transport;
    this.#options = options;
    const { types, bookingId, filter } = options;
    this.#query = filterQuery({ types, bookingId, ...filter });
    this.#isNarrow = Object.values(this.#query).some((value) => value !== undefined);
    this.#organisationId = options.organisationId ?? null;
    this.#state = {
      ...idleState,
      lastSeq: options.after ?? null,
      lastSyncedAt: options.lastSyncedAt ?? null,
    };
    this.#stopWaking = onWakeUp(() => this.#wakeUp());
  }

  get state(): LiveState {
    return this.#state;
  }

  start(): void {
    if (this.#running || this.#closed) return;
    this.#running = true;
    void this.#run();
  }

  retry(): void {
    this.#failures = 0;
    this.#interrupt.abort();
    this.start();
  }

  close(): void {
    this.#closed = true;
    this.#stopWaking();
    this.#interrupt.abort();
    this.#update({ status: "idle", error: null });
  }

  #wakeUp(): void {
    const { status, lastSyncedAt } = this.#state;
    if (status === "denied") return;
    // Timers stood still while the device slept: the watchdog knows nothing of the time that passed.
    const silentFor = Date.now() - (lastSyncedAt ?? 0);
    // A connection whose network has gone stays open without a word until the watchdog ends it.
    if (status !== "live" || isOffline() || silentFor > SUSPECT_AFTER) this.retry();
  }

  async #run(): Promise<void> {
    let error: string | null = null;
    while (!this.#closed) {
      const { signal } = (this.#interrupt = new AbortController());
      // The trial of a stream between pages is nobody's concern.
      if (isOffline() || this.#state.status !== "polling") {
        this.#update({ status: this.#waitingStatus(), error });
      }
      const failure = await this.#connection(signal);
      if (this.#closed) return;
      if (isRefusal(failure)) {
        // Set first: a listener of the new state may call `retry`.
        this.#running = false;
        this.#update({ status: "denied", error: failure.message });
        return;
      }
      error = failure?.message ?? null;
      if (failure === null) continue;
      this.#update({ status: this.#waitingStatus(), error });
      await pause(this.#nextDelay(failure), signal);
    }
  }

  /**
   * Follows by a stream, and, where that is held back, by pages.
   * @returns why it ended, or null when that was on purpose: to go on at once
   */
  async #connection(signal: AbortSignal): Promise<Error | null> {
    const failure = await endOf(signal, () => this.#stream(signal));
    if (failure === null || isRefusal(failure) || this.#closed) return failure;
    const isBlocked = failure instanceof HeldBack || this.#state.status === "polling";
    if (!isBlocked && this.#failures + 1 < MOST_FAILURES) return failure;
    const inPages = await endOf(signal, () => this.#poll(signal, isBlocked || this.#pagesWork));
    this.#pagesWork = inPages === null;
    return inPages;
  }

  /** Reads one stream to its end. */
  async #stream(signal: AbortSignal): Promise<never> {
    const { stallTimeout = STALL_TIMEOUT, firstByteTimeout = FIRST_BYTE_TIMEOUT } = this.#options;
    const openedAt = Date.now();
    await readEventStream(this.#transport, {
      query: { ...this.#query, after: this.#state.lastSeq },
      signal,
      stallTimeout,
      firstByteTimeout,
      onOpen: (organisationId) => this.#follow(organisationId),
      onBytes: () => {
        const lastSyncedAt = Date.now();
        if (lastSyncedAt - openedAt > PROVEN_AFTER) this.#failures = 0;
        this.#update({ status: "live", error: null, lastSyncedAt });
      },
      onPosition: (id) => this.#moveTo(Number(id), []),
      onMessage: (message) => this.#message(message),
    });
    throw new Error("The hub ended the connection.");
  }

  /** @param isSure whether streams are held back; otherwise one page shows that pages do work */
  async #poll(signal: AbortSignal, isSure: boolean): Promise<void> {
    const until = isSure ? Date.now() + (this.#options.pollingTime ?? POLLING_TIME) : 0;
    let wait = 0;
    do {
      const page = await readPage(
        this.#transport,
        { ...this.#query, after: this.#state.lastSeq, wait },
        signal,
      );
      this.#follow(page.organisationId);
      if (isSure) this.#update({ status: "polling", error: null, lastSyncedAt: Date.now() });
      this.#page(page);
      // Something in between may answer at once what it should wait for.
      if (wait > 0 && page.data.length === 0) await pause(EMPTY_PAUSE, signal);
      wait = page.more ? 0 : PAGE_WAIT;
    } while (!signal.aborted && Date.now() < until);
  }

  #page({ gap, data, position }: StreamPage): void {
    if (gap !== null) this.#gap(gap, (data[0]?.seq ?? position + 1) - 1);
    for (const event of data) this.#moveTo(event.seq, [event]);
    this.#moveTo(position, []);
  }

  /** Somebody switched to another organisation: a position in the old one's log means nothing. */
  #follow(organisationId: string | null): void {
    const previous = this.#organisationId;
    this.#organisationId = organisationId;
    if (previous === null || organisationId === null || previous === organisationId) return;
    this.#update({ lastSeq: null, gapCount: this.#state.gapCount + 1 });
    this.#tellOfGap({ oldest: 0, newest: 0 }, null);
    throw new ReconnectNow();
  }

  #message(message: StreamMessage): void {
    // A listener may close the stream in the middle of a chunk.
    if (this.#closed) return;
    if (message.event === "message") this.#event(JSON.parse(message.data) as BookingEvent);
    else if (message.event === "gap") {
      this.#gap(JSON.parse(message.data) as StreamGap, Number(message.id));
    } else if (message.event === "reauth" && this.#failures === 0) {
      // Counted as a failure, so that a hub that asks without end is not asked without pause.
      this.#failures = 1;
      throw new ReconnectNow();
    }
  }

  #event(event: BookingEvent): void {
    const { lastSeq } = this.#state;
    if (lastSeq !== null && event.seq <= lastSeq) return;
    if (!this.#isNarrow && lastSeq !== null && event.seq > lastSeq + 1) {
      // Lost on its way, or not for this reader: a new connection sends it in the former case.
      this.#isNarrow = this.#missed;
      this.#missed = true;
      if (!this.#isNarrow) throw new ReconnectNow();
    }
    this.#failures = 0;
    this.#missed = false;
    this.#moveTo(event.seq, [event]);
  }

  #gap(gap: StreamGap, position: number): void {
    this.#update({ gapCount: this.#state.gapCount + 1, lastSeq: position });
    this.#tellOfGap(gap, position);
  }

  #tellOfGap(gap: StreamGap, position: number | null): void {
    tell(this.#options.onLeap, { organisationId: this.#organisationId, gap, position });
    tell(this.#options.onGap, gap);
  }

  #moveTo(to: number, events: readonly BookingEvent[]): void {
    const from = this.#state.lastSeq ?? to - events.length;
    // A listener may close the stream in the middle of a page.
    if (this.#closed || !(to >= from + events.length)) return;
    for (const event of events) tell(this.#options.onEvent, event);
    tell(this.#options.onStretch, { organisationId: this.#organisationId, from, to, events });
    this.#update({ lastSeq: to });
  }

  #waitingStatus(): LiveStatus {
    if (isOffline()) return "offline";
    return this.#state.lastSyncedAt === null ? "connecting" : "reconnecting";
  }

  #nextDelay(failure: Error): number {
    this.#failures += 1;
    const asked = failure instanceof ApiError ? (failure.retryAfterSeconds ?? 0) * 1000 : 0;
    return Math.max(reconnectDelay(this.#failures, this.#options.reconnectDelays), asked);
  }

  #update(change: Partial<LiveState>): void {
    const next = { ...this.#state, ...change };
    const keys = Object.keys(change) as (keyof LiveState)[];
    if (keys.every((key) => this.#state[key] === next[key])) return;
    this.#state = next;
    tell(this.#options.onState, next);
  }
}

/** Thrown inside a connection to leave it and make the next one without a pause. */
class ReconnectNow extends Error {}

/** Runs what ends by an error. @returns the error, or null when the end was wanted */
async function endOf(signal: AbortSignal, work: () => Promise<void>): Promise<Error | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (signal.aborted || error instanceof ReconnectNow) return null;
    return error instanceof Error ? error : new Error(String(error));
  }
}

function isRefusal(failure: Error | null): failure is ApiError {
  return failure instanceof ApiError && (failure.status === 401 || failure.status === 403);
}
