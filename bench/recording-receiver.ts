import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";

/** What became of every event at one receiver. */
export interface Record {
  /** `webhook-id`s by event. More than one for an event is a mistake. */
  readonly ids: ReadonlyMap<string, ReadonlySet<string>>;
  /** Requests that were answered with 2xx. */
  readonly accepted: number;
  /** Requests of an event that had been accepted before. */
  readonly repeats: number;
  readonly failures: number;
  /** A version of a booking that came after a later one. */
  readonly disorder: readonly string[];
}

/** How a receiver treats the request of that number: whether it takes it. */
export type Treatment = (response: ServerResponse, no: number) => Promise<boolean>;

export interface RecordingReceiver {
  readonly url: string;
  readonly record: Record;
  readonly close: () => Promise<void>;
}

/** A receiver of standard webhooks that keeps account of what it was sent, whatever it answers. */
export async function openRecordingReceiver(treat: Treatment): Promise<RecordingReceiver> {
  const ids = new Map<string, Set<string>>();
  const taken = new Set<string>();
  const latest = new Map<string, number>();
  const record = { ids, accepted: 0, repeats: 0, failures: 0, disorder: [] as string[] };
  let no = 0;
  const take = async (body: string, id: string, response: ServerResponse): Promise<void> => {
    const { data } = JSON.parse(body) as {
      data: { id: string; booking_id: string; booking_version: number };
    };
    const last = latest.get(data.booking_id) ?? 0;
    if (data.booking_version < last) {
      record.disorder.push(`${data.booking_id}: ${data.booking_version} after ${last}`);
    }
    latest.set(data.booking_id, Math.max(last, data.booking_version));
    if (!(await treat(response, (no += 1)))) {
      record.failures += 1;
      return;
    }
    if (taken.has(data.id)) record.repeats += 1;
    taken.add(data.id);
    const known = ids.get(data.id);
    if (known === undefined) ids.set(data.id, new Set([id]));
    else known.add(id);
    record.accepted += 1;
    response.writeHead(204).end();
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      void take(body, String(request.headers["webhook-id"]), response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    record,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
