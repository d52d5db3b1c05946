import { createEventStreamParser, type StreamMessage } from "./event-stream-parser.ts";
import type { Query, Transport } from "../transport.ts";

export interface ReadEventStreamOptions {
  readonly query: Query;
  readonly signal: AbortSignal;
  /** Milliseconds without a byte after which the connection is given up. */
  readonly stallTimeout: number;
  /** Milliseconds until the first byte. */
  readonly firstByteTimeout: number;
  /** Thrown when it does not come. */
  readonly heldBack: Error;
  /** Called once the hub has accepted, with the head of its answer. */
  onOpen(headers: Headers): void;
  /** Called for every chunk, heartbeats included, before its messages. */
  onBytes(): void;
  onMessage(message: StreamMessage): void;
}

/** A timer of more milliseconds would be over at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * Reads one connection of the hub's stream to its end. What a listener throws ends it too.
 * @throws ApiError when the hub refuses; `heldBack` when no stream comes; Error when it breaks or
 *   falls silent
 */
export async function readEventStream(
  transport: Transport,
  options: ReadEventStreamOptions,
): Promise<void> {
  const connection = new AbortController();
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  const expectBytes = (timeout: number, otherwise: Error): void => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => connection.abort(otherwise), Math.min(timeout, LONGEST));
  };
  const silent = new Error("The connection fell silent.");
  // What collects answers may keep the head as well.
  expectBytes(options.firstByteTimeout, options.heldBack);
  try {
    const response = await transport.send("GET", "/api/v1/stream", {
      query: options.query,
      accept: "text/event-stream",
      signal: AbortSignal.any([options.signal, connection.signal]),
    });
    options.onOpen(response.headers);
    const parse = createEventStreamParser();
    const reader = response.body?.getReader();
    for (;;) {
      const { value } = (await reader?.read()) ?? {};
      if (value === undefined) return;
      expectBytes(options.stallTimeout, silent);
      options.onBytes();
      for (const message of parse(value)) options.onMessage(message);
    }
  } finally {
    clearTimeout(watchdog);
    // Also when a listener threw: the connection must not stay open behind its back.
    connection.abort();
  }
}
