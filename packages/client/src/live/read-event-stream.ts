import { EventStreamParser, type StreamParserEvents } from "./event-stream-parser.ts";
import type { Query, Transport } from "../transport.ts";

export interface ReadEventStreamOptions extends StreamParserEvents {
  readonly query: Query;
  readonly signal: AbortSignal;
  /** Milliseconds without a byte after which the connection is given up. */
  readonly stallTimeout: number;
  /** Called once the hub has accepted, with the organisation whose log this is. */
  onOpen(organisationId: string | null): void;
  /** Called for every chunk, heartbeats included, before its messages. */
  onBytes(): void;
}

/**
 * Reads one connection of the hub's stream to its end. What a listener throws ends it too.
 * @throws ApiError when the hub refuses; Error when the connection breaks or falls silent
 */
export async function readEventStream(
  transport: Transport,
  options: ReadEventStreamOptions,
): Promise<void> {
  const connection = new AbortController();
  const abort = (): void => connection.abort();
  options.signal.addEventListener("abort", abort);
  const watchdog = createWatchdog(options.stallTimeout, abort);
  try {
    const response = await transport.send("GET", "/api/v1/stream", {
      query: options.query,
      headers: { accept: "text/event-stream" },
      signal: connection.signal,
    });
    await readChunks(response, options, watchdog);
  } catch (error) {
    throw watchdog.barked ? new Error("The connection fell silent.", { cause: error }) : error;
  } finally {
    watchdog.stop();
    options.signal.removeEventListener("abort", abort);
    // Also when a listener threw: the connection must not stay open behind its back.
    abort();
  }
}

async function readChunks(
  response: Response,
  options: ReadEventStreamOptions,
  watchdog: Watchdog,
): Promise<void> {
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("text/event-stream") || response.body === null) {
    throw new Error(`Not an event stream, but ${type === "" ? "nothing" : type}.`);
  }
  options.onOpen(response.headers.get("slotwire-organisation"));
  const parser = new EventStreamParser(options);
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    watchdog.feed();
    options.onBytes();
    parser.push(value);
  }
}

interface Watchdog {
  readonly barked: boolean;
  feed(): void;
  stop(): void;
}

function createWatchdog(timeout: number, onSilence: () => void): Watchdog {
  let barked = false;
  const bark = (): void => {
    barked = true;
    onSilence();
  };
  let timer = setTimeout(bark, timeout);
  const stop = (): void => clearTimeout(timer);
  return {
    get barked() {
      return barked;
    },
    feed() {
      stop();
      timer = setTimeout(bark, timeout);
    },
    stop,
  };
}
