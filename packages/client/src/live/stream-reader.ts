import type { BookingEvent, StreamGap } from "@slotwire/contract";
import type { Query, Transport } from "../transport.ts";
import type { StreamMessage } from "./event-stream-parser.ts";
import type { LogFollower } from "./log-follower.ts";
import { readInTurn } from "./in-turn.ts";
import { onWakeUp } from "./on-wake-up.ts";
import { readEventStream } from "./read-event-stream.ts";

/** Reads streams for one follower of the log. */
export interface StreamReader {
  /** Reads one connection to its end, and throws why it ended. */
  readonly read: (signal: AbortSignal) => Promise<never>;
  readonly close: () => void;
}

export interface StreamReaderOptions {
  readonly query: Query;
  /** Whether the query leaves something out. */
  readonly isNarrow: boolean;
  /** Milliseconds without a byte after which the connection counts as dead. */
  readonly stallTimeout?: number | undefined;
  /** Milliseconds that a new stream has for its first byte. */
  readonly firstByteTimeout?: number | undefined;
  /** What it throws when that does not come. */
  readonly heldBack: Error;
  /** Called when a connection has proved to be a good one: the next failure counts as the first. */
  readonly onProof: () => void;
  /** Called when the hub has accepted, with the head of its answer. */
  readonly onOpen: (headers: Headers) => void;
  /** Called for every chunk. */
  readonly onBytes: () => void;
  /** Called when the connection should be made anew: the network or the page has come back. */
  readonly onWakeUp: () => void;
}

/** The hub sends a heartbeat every 25 s: it may be late, but on one connection none is lost. */
const STALL_TIMEOUT = 35_000;
/** The hub sends the first byte at once: a proxy that collects answers does not pass it on. */
const FIRST_BYTE_TIMEOUT = 8000;
/** Whoever comes back to a page whose connection was silent for longer gets another one. */
const SUSPECT_AFTER = 5000;
/** One that replaces another is not worth a word if it stands within this time. */
const DOUBT_AFTER = 2000;
/** A connection that lived longer was a good one. */
const PROVEN_AFTER = 10_000;

/** Makes the reader of one follower. */
export function createStreamReader(
  transport: Transport,
  follower: LogFollower,
  options: StreamReaderOptions,
): StreamReader {
  const { query, heldBack, onProof } = options;
  const { stallTimeout = STALL_TIMEOUT, firstByteTimeout = FIRST_BYTE_TIMEOUT } = options;
  /** Whether the reader is sent a part of the log alone. */
  let { isNarrow } = options;
  /** The last connection was left because an event was missing. */
  let hasMissed = false;

  const take = (event: BookingEvent): void => {
    const { lastSeq } = follower.state;
    if (lastSeq !== null && event.seq <= lastSeq) return;
    if (!isNarrow && lastSeq !== null && event.seq > lastSeq + 1) {
      // Lost on its way, or not for this reader: a new connection sends it in the former case.
      isNarrow = hasMissed;
      hasMissed = true;
      if (!isNarrow) follower.reconnect();
    }
    onProof();
    hasMissed = false;
    follower.moveTo(event.seq, [event]);
  };
  const onMessage = ({ event, data, id }: StreamMessage): void => {
    // A listener may close the stream in the middle of a chunk.
    if (follower.isClosed) return;
    if (data === null) follower.moveTo(Number(id), []);
    else if (event === "message") take(JSON.parse(data) as BookingEvent);
    else if (event === "gap") follower.leap(JSON.parse(data) as StreamGap, Number(id));
    else if (event === "reauth") follower.reconnect();
  };
  const stopWaking = onWakeUp((isOffline) => {
    const { status, lastSyncedAt, isSignedOut } = follower.state;
    // Somebody may have signed in elsewhere; what is refused to who is known stays so.
    if (status === "denied" && isSignedOut !== true) return;
    // Timers stood still while the device slept: the watchdog knows nothing of the time that passed.
    const silentFor = Date.now() - (lastSyncedAt ?? 0);
    // A connection whose network has gone stays open without a word until the watchdog ends it.
    if (status !== "live" || isOffline || silentFor > SUSPECT_AFTER) options.onWakeUp();
  });
  const readOne = async (signal: AbortSignal): Promise<never> => {
    const openedAt = Date.now();
    const doubt = setTimeout(() => {
      if (follower.state.status === "live") follower.update({ status: "reconnecting" });
    }, DOUBT_AFTER);
    try {
      await readEventStream(transport, {
        query: { ...query, after: follower.state.lastSeq },
        signal,
        stallTimeout,
        firstByteTimeout,
        heldBack,
        onOpen: options.onOpen,
        onBytes() {
          clearTimeout(doubt);
          options.onBytes();
          const lastSyncedAt = Date.now();
          if (lastSyncedAt - openedAt > PROVEN_AFTER) onProof();
          follower.update({ status: "live", error: null, lastSyncedAt });
        },
        onMessage,
      });
    } finally {
      clearTimeout(doubt);
    }
    throw new Error("The hub ended the connection.");
  };
  return {
    read: (signal) =>
      // On plain HTTP there are no locks, by which tabs share.
      (globalThis as { isSecureContext?: boolean }).isSecureContext === false
        ? readInTurn(follower, signal, heldBack, readOne)
        : readOne(signal),
    close: stopWaking,
  };
}
