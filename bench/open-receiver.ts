import { once } from "node:events";
import { createServer } from "node:http";
import type { HubProcess } from "./hub-process.ts";

const uidPattern = /"external_id":"(bench-[^"]*-end)"/;

const recordedPattern = /"recorded_at":"([^"]+)"/;

/** A receiver of webhooks that is a destination of the hub. */
export interface Receiver {
  /** By uid: the milliseconds of the epoch at which its event came. */
  readonly arrivals: ReadonlyMap<string, readonly number[]>;
  /** Milliseconds from the writing of each event to its arrival, by clocks that tell milliseconds. */
  readonly sinceRecorded: readonly number[];
  readonly close: () => Promise<void>;
  /** Has its deliveries wait, or go out. */
  readonly turn: (to: "pause" | "resume") => Promise<void>;
}

/** Opens a receiver of webhooks and registers it as a destination of the hub. */
export async function openReceiver(hub: HubProcess): Promise<Receiver> {
  const arrivals = new Map<string, number[]>();
  const sinceRecorded: number[] = [];
  const server = createServer((request, response) => {
    const at = performance.timeOrigin + performance.now();
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
      if (times === undefined) arrivals.set(uid, [at]);
      else times.push(at);
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
