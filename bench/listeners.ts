import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import type { HubProcess } from "./hub-process.ts";

const uidPattern = /"external_id":"(bench-[^"]*-end)"/;

/** Someone to whom events arrive, and when each did first. */
export interface Listeners {
  /** Milliseconds on the clock of `performance` at which events of a uid arrived. */
  readonly arrivals: ReadonlyMap<string, number[]>;
  readonly close: () => Promise<void>;
}

/** Opens `count` live streams at the end of the log, as that many browsers would. */
export async function openStreams(hub: HubProcess, count: number): Promise<Listeners> {
  const arrivals = new Map<string, number[]>();
  const streams = await Promise.all(
    Array.from({ length: count }, () => openStream(hub, (uid) => note(arrivals, uid))),
  );
  return {
    arrivals,
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

async function openStream(hub: HubProcess, onUid: (uid: string) => void): Promise<IncomingMessage> {
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
    for (const frame of frames) {
      const uid = uidPattern.exec(frame)?.[1];
      if (uid !== undefined) onUid(uid);
    }
  });
  return response;
}

/** Opens a receiver of webhooks and registers it as a destination of the hub. */
export async function openReceiver(hub: HubProcess): Promise<Listeners> {
  const arrivals = new Map<string, number[]>();
  const server = createServer((request, response) => {
    const arrived = performance.now();
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      response.writeHead(204).end();
      const uid = uidPattern.exec(Buffer.concat(chunks).toString("utf8"))?.[1];
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
  const response = await fetch(`${hub.url}/api/v1/destinations`, {
    method: "POST",
    headers: { authorization: `Bearer ${hub.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({
      name: "Benchmark",
      url: `http://127.0.0.1:${address.port}/hook`,
      payload_mode: "full",
    }),
  });
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
  return {
    arrivals,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
