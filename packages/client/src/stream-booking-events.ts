import type { BookingEvent, BookingEventType, StreamGap } from "@slotwire/contract";
import { ApiError } from "./api-error.ts";
import { idleState, type LiveState, type LiveStatus } from "./live-status.ts";
import { isOffline, onWakeUp } from "./on-wake-up.ts";
import { pause } from "./pause.ts";
import { readEventStream } from "./read-event-stream.ts";
import type { StreamMessage } from "./event-stream-parser.ts";
import type { Transport } from "./transport.ts";

export interface StreamOptions {
  /** Hands out what comes behind this seq: 0 for the whole log. Now, when absent. */
  readonly after?: number;
  readonly types?: readonly BookingEventType[];
  readonly bookingId?: string;
  /** Called once per event, in the order of the log. */
  readonly onEvent?: (event: BookingEvent) => void;
  /** Called whenever the state changes. */
  readonly onState?: (state: LiveState) => void;
  /** The log cannot go on behind the last position: reload what is shown. */
  readonly onGap?: (gap: StreamGap) => void;
  /** Milliseconds before the first, second … attempt to reconnect; the last one repeats. */
  readonly reconnectDelays?: readonly number[];
  /** Milliseconds without a byte after which the connection counts as dead. */
  readonly stallTimeout?: number;
}

/** An open stream. It lives until `close`. */
export interface BookingEventStream {
  readonly state: LiveState;
  /** Connects anew at once, also after `denied`, behind the same position. */
  retry(): void;
  close(): void;
}

const RECONNECT_DELAYS = [1000, 2000, 5000, 10_000];
/** The hub sends a heartbeat every 25 s: two of them may be lost. */
const STALL_TIMEOUT = 60_000;
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
  options: StreamOptions = {},
): BookingEventStream {
  const stream = new ReconnectingStream(transport, options);
  stream.start();
  return stream;
}

class ReconnectingStream implements BookingEventStream {
  readonly #transport: Transport;
  readonly #options: StreamOptions;
  readonly #stopWaking: () => void;
  #state: LiveState;
  #closed = false;
  #running = false;
  /** Ends the present connection or the wait before the next one. */
  #interrupt = new AbortController();
  /** Attempts since the stream last proved to work. */
  #failures = 0;
  /** The last connection was left because an event was missing: if it is missing again, it is gone. */
  #missed = false;
  /** Whose log the position is in. */
  #organisationId: string | null = null;

  constructor(transport: Transport, options: StreamOptions) {
    this.#transport = transport;
    this.#options = options;
    this.#state = { ...idleState, lastSeq: options.after ?? null };
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
    while (!this.#closed) {
      this.#interrupt = new AbortController();
      this.#update({ status: this.#waitingStatus() });
      const failure = await this.#connection(this.#interrupt.signal);
      if (this.#closed) return;
      if (failure instanceof ApiError && (failure.status === 401 || failure.status === 403)) {
        // Set first: a listener of the new state may call `retry`.
        this.#running = false;
        this.#update({ status: "denied", error: failure.message });
        return;
      }
      this.#update({ status: this.#waitingStatus(), error: failure?.message ?? null });
      if (failure !== null) await pause(this.#nextDelay(failure), this.#interrupt.signal);
    }
  }

  /** @returns why the connection ended, or null when it was ended on purpose: to reconnect at once */
  async #connection(interrupted: AbortSignal): Promise<Error | null> {
    const openedAt = Date.now();
    try {
      await readEventStream(this.#transport, {
        query: {
          after: this.#state.lastSeq,
          types: this.#options.types?.join(","),
          booking_id: this.#options.bookingId,
        },
        signal: interrupted,
        stallTimeout: this.#options.stallTimeout ?? STALL_TIMEOUT,
        onOpen: (organisationId) => this.#follow(organisationId),
        onBytes: () => {
          const lastSyncedAt = Date.now();
          if (lastSyncedAt - openedAt > PROVEN_AFTER) this.#failures = 0;
          this.#update({ status: "live", error: null, lastSyncedAt });
        },
        onPosition: (id) => this.#moveTo(Number(id)),
        onMessage: (message) => this.#message(message),
      });
      return new Error("The hub ended the connection.");
    } catch (error) {
      if (interrupted.aborted || error instanceof ReconnectNow) return null;
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Somebody switched to another organisation: a position in the old one's log means nothing. */
  #follow(organisationId: string | null): void {
    const previous = this.#organisationId;
    this.#organisationId = organisationId;
    if (previous === null || organisationId === null || previous === organisationId) return;
    this.#update({ lastSeq: null, gapCount: this.#state.gapCount + 1 });
    tell(this.#options.onGap, { oldest: 0, newest: 0 });
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
    if (!this.#isFiltered && lastSeq !== null && event.seq > lastSeq + 1) {
      if (!this.#missed) {
        this.#missed = true;
        throw new ReconnectNow();
      }
      this.#gap({ oldest: event.seq, newest: event.seq }, event.seq - 1);
    }
    this.#failures = 0;
    this.#missed = false;
    tell(this.#options.onEvent, event);
    this.#moveTo(event.seq);
  }

  #gap(gap: StreamGap, position: number): void {
    this.#update({ gapCount: this.#state.gapCount + 1 });
    this.#moveTo(position);
    tell(this.#options.onGap, gap);
  }

  #moveTo(position: number): void {
    if (Number.isSafeInteger(position)) this.#update({ lastSeq: position });
  }

  get #isFiltered(): boolean {
    return this.#options.types !== undefined || this.#options.bookingId !== undefined;
  }

  #waitingStatus(): LiveStatus {
    if (isOffline()) return "offline";
    return this.#state.lastSyncedAt === null ? "connecting" : "reconnecting";
  }

  /** Spread by a quarter to either side, so that a restarted hub is not met by all at once. */
  #nextDelay(failure: Error): number {
    const delays = this.#options.reconnectDelays ?? RECONNECT_DELAYS;
    const delay = delays[Math.min(this.#failures, delays.length - 1)] ?? 0;
    this.#failures += 1;
    const asked = failure instanceof ApiError ? (failure.retryAfterSeconds ?? 0) * 1000 : 0;
    return Math.max(delay * (0.75 + Math.random() / 2), asked);
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

/** Calls a listener; what it throws is reported like an error of the page, and ends no stream. */
function tell<Value>(listener: ((value: Value) => void) | undefined, value: Value): void {
  try {
    listener?.(value);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
