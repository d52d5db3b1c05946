import { get, type IncomingMessage } from "node:http";
import type { BookingEvent } from "@slotwire/contract";
import { withKey } from "./test-hub.ts";

export interface StreamReaderOptions {
  /** Query string without the question mark. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Called for every event, at once. */
  readonly onEvent?: (event: BookingEvent) => void;
}

/** A plain reader of the stream, written without regard to the client package. */
export interface StreamReader {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly events: readonly BookingEvent[];
  /** Ids of all blocks, data or not. */
  readonly ids: readonly string[];
  /** Everything that has arrived. */
  readonly text: () => string;
  /** Settles when the connection is over, however it ended. */
  readonly ended: Promise<void>;
  /** Stops to take bytes from the socket, without closing it. */
  readonly pause: () => void;
  readonly resume: () => void;
  readonly close: () => void;
}

/** Opens a stream at `url`; resolves when its head has arrived. The API key reads unless told. */
export async function readStream(
  url: string,
  { query = "", headers = withKey, onEvent }: StreamReaderOptions = {},
): Promise<StreamReader> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${url}/api/v1/stream${query === "" ? "" : `?${query}`}`, { headers, agent: false })
      .on("response", resolve)
      .on("error", reject);
  });
  const events: BookingEvent[] = [];
  const ids: string[] = [];
  const received: string[] = [];
  let rest = "";
  const take = (block: string): void => {
    const lines = block.split("\n");
    const id = lines.find((line) => line.startsWith("id: "))?.slice(4);
    const data = lines.find((line) => line.startsWith("data: "))?.slice(6);
    if (id !== undefined) ids.push(id);
    if (data === undefined || lines.some((line) => line.startsWith("event: "))) return;
    const event = JSON.parse(data) as BookingEvent;
    if (String(event.seq) !== id) throw new Error(`id ${id} on event ${event.seq}`);
    events.push(event);
    onEvent?.(event);
  };
  const ended = new Promise<void>((resolve) => {
    response.on("close", resolve);
    response.on("error", () => resolve());
  });
  response.setEncoding("utf8").on("data", (text: string) => {
    received.push(text);
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    blocks.forEach(take);
  });
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events,
    ids,
    text: () => received.join(""),
    ended,
    pause: () => void response.pause(),
    resume: () => void response.resume(),
    close: () => void response.destroy(),
  };
}
