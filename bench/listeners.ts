import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import type { HubProcess } from "./hub-process.ts";

const uidPattern = /"external_id":"(bench-[^"]*-end)"/;

/** Someone to whom events arrive, and when each did first. */
export interface Listeners {
  /** Milliseconds on the clock of `performance` at which events of a uid arrived. */
  readonly arrivals: ReadonlyMap<string, number[]>;
  /** Milliseconds from the writing of each event to its arrival, by clocks that tell milliseconds. */
  readonly sinceRecorded: readonly number[];
  readonly close: () => Promise<void>;
}

const recordedPattern = /"recorded_at":"([^"]+)"/;

/** Opens `count` live streams at the end of the log, as that many browsers would. */
export async function openStreams(hub: HubProcess, count: number): Promise<Listeners> {
  const arrivals = new Map<string, number[]>();
  const sinceRecorded: number[] = [];
  const onFrame = (frame: string): void => {
    const uid = uidPattern.exec(frame)?.[1];
    if (uid === undefined) return;
    note(arrivals, uid);
    sinceRecorded.push(Date.now() - Date.parse(recordedPattern.exec(frame)?.[1] ?? ""));
  };
  const streams: IncomingMessage[] = [];
  // Not all at once: a socket's queue of those who wait to be let in is short.
  while (streams.length < count) {
    const some = Array.from({ length: Math.min(50, count - streams.length) }, () =>
      openStream(hub, onFrame),
    );
    streams.push(...(await Promise.all(some)));
  }
  return {
    arrivals,
    sinceRecorded,
    close: async () => {
      const closed = streams
        .filter((stream) => !stream.closed)
        .map((stream) => once(stream, "close"));
      for (const stream of streams) stream.destroy();
      await Promise.all(closed);
    },
  };
}

function note(arrivals: Map<string, number[]>, uid: string): void {
  const now = performance.now();
  const times = arrivals.get(uid);
  if (times === undefined) arrivals.set(uid, [now]);
  else times.push(now);
}

async function openStream(
  hub: HubProcess,
  onFrame: (frame: string) => void,
): Promise<IncomingMessage> {
  const request = get(`${hub.url}/api/v1/stream`, {
    agent: false,
    headers: { authorization: `Bearer ${hub.apiKey}`, accept: "text/event-stream" },
  });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`the stream answered ${response.statusCode}`);
  let rest = "";
  response.setEncoding("utf8");
  response.on("error", () => {});
  response.on("data", (chunk: string) => {
    const frames = (rest + chunk).split("\n\n");
    rest = frames.pop() ?? "";
    for (const frame of frames) onFrame(frame);
  });
  return response;
}

/** A receiver of webhooks that is a destination of the hub. */
export interface Receiver extends Listeners {
  /** Has its deliveries wait, or go out. */
  readonly turn: (to: "pause" | "resume") => Promise<void>;
}

/** Opens a receiver of webhooks and registers it as a destination of the hub. */
export async function openReceiver(hub: HubProcess): Promise<Receiver> {
  const arrivals = new Map<string, number[]>();
  const sinceRecorded: number[] = [];
  const server = createServer((request, response) => {
    const arrived = performance.now();
    const at = Date.now();
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      response.writeHead(204).end();
      const body = Buffer.concat(chunks).toString("utf8");
      const recorded = recordedPattern.exec(body)?.[1];
      if (recorded !== undefined) sinceRecorded.push(at - Date.parse(recorded));
      const uid = uidPattern.exec(body)?.[1];
      if (uid === undefined) return;
      const times = arrivals.get(uid);
      if (times === undefined) arrivals.set(uid, [arrived]);
      else times.push(arrived);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const headers = { authorization: `Bearer ${hub.apiKey}`, "content-type": "application/json" };
  const response = await fetch(`${hub.url}/api/v1/destinations`, {
    method: "POST",
    headers,
    body: JSON.stringify({
      name: `Benchmark ${address.port}`,
      url: `http://127.0.0.1:${address.port}/hook`,
      payload_mode: "full",
    }),
  });
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
  const { id } = (await response.json()) as { id: string };
  return {
    arrivals,
    sinceRecorded,
    turn: async (to) => {
      const answer = await fetch(`${hub.url}/api/v1/destinations/${id}/${to}`, {
        method: "POST",
        headers: { authorization: headers.authorization },
      });
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    },
    close: async () => {
      // Or the hub would go on trying.
      await fetch(`${hub.url}/api/v1/destinations/${id}`, {
        method: "DELETE",
        headers: { authorization: headers.authorization },
      });
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
