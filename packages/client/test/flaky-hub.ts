import { randomInt, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { BookingEvent } from "@slotwire/contract";

/** What the hub does with one connection of the stream; the default is to serve it well. */
export interface Behaviour {
  /** Answers the request instead of streaming. */
  readonly answer?: (response: ServerResponse) => void;
  /** Cuts the connection after about so many bytes, in the middle of whatever it is. */
  readonly cutAfter?: number;
  /** Leaves out the event with this seq. */
  readonly skip?: number;
  readonly organisationId?: string;
  /** Sent after the events. */
  readonly afterwards?: string;
  /** Sends nothing at all after the head. */
  readonly silent?: boolean;
}

/** A hub's stream on loopback that breaks in every way that is asked of it. */
export interface FlakyHub {
  readonly baseUrl: string;
  readonly log: BookingEvent[];
  /** One per connection, in order; the last one stays. */
  behaviours: Behaviour[];
  /** The `after` of each connection; null when it had none. */
  readonly positions: (string | null)[];
  readonly tokens: (string | undefined)[];
  readonly openConnections: () => number;
  /** Appends events and sends them to all who are connected. */
  append(count: number): void;
  close(): Promise<void>;
}

export async function openFlakyHub(): Promise<FlakyHub> {
  const log: BookingEvent[] = [];
  const open = new Map<ServerResponse, (frame: string) => void>();
  const hub = {
    log,
    behaviours: [{}] as Behaviour[],
    positions: [] as (string | null)[],
    tokens: [] as (string | undefined)[],
    openConnections: () => open.size,
    append(count: number) {
      for (let left = count; left > 0; left -= 1) {
        const event = makeEvent(log.length + 1);
        log.push(event);
        for (const send of open.values()) send(frameOf(event));
      }
    },
  };
  const server = createServer((request, response) => serve(request, response));
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const after = new URL(request.url ?? "/", "http://hub").searchParams.get("after");
    hub.positions.push(after);
    hub.tokens.push(request.headers.authorization);
    const behaviour =
      (hub.behaviours.length > 1 ? hub.behaviours.shift() : hub.behaviours[0]) ?? {};
    if (behaviour.answer !== undefined) return behaviour.answer(response);
    response.writeHead(200, {
      "content-type": "text/event-stream",
      ...(behaviour.organisationId === undefined
        ? {}
        : { "slotwire-organisation": behaviour.organisationId }),
    });
    response.flushHeaders();
    response.on("close", () => open.delete(response));
    if (behaviour.silent === true) return;
    const send = sender(response, behaviour);
    open.set(response, send);
    const position = after === null ? log.length : Number(after);
    send(`: open\nretry: 1000\n${after === null ? `id: ${position}\n` : ""}\n`);
    for (const event of log.slice(position)) {
      if (event.seq !== behaviour.skip) send(frameOf(event));
    }
    if (behaviour.afterwards !== undefined) send(behaviour.afterwards);
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return Object.assign(hub, {
    baseUrl: `http://127.0.0.1:${port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  });
}

/** Writes in pieces that respect nothing, and cuts the connection when its time has come. */
function sender(response: ServerResponse, { cutAfter = Infinity }: Behaviour) {
  let written = 0;
  return (frame: string): void => {
    const bytes = Buffer.from(frame);
    let start = 0;
    while (start < bytes.length && written < cutAfter) {
      const end = Math.min(start + randomInt(1, 200), bytes.length, start + cutAfter - written);
      response.write(bytes.subarray(start, end));
      written += end - start;
      start = end;
    }
    if (written >= cutAfter) response.socket?.end(() => response.destroy());
  };
}

const frameOf = (event: BookingEvent): string =>
  `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`;

/** An event with letters of several bytes, which chunks will split. */
export function makeEvent(seq: number): BookingEvent {
  return {
    id: randomUUID(),
    seq,
    type: "booking.updated",
    event_type: "updated",
    occurred_at: "2026-03-10T10:00:00.000Z",
    recorded_at: "2026-03-10T10:00:00.000Z",
    booking_id: randomUUID(),
    booking_version: 1,
    booking_number: 1000 + seq,
    old_status: "confirmed",
    new_status: "confirmed",
    changed_fields: ["title"],
    description: `Žofia’s 🐕 visit ${seq}`,
    irregular: false,
    actor: { kind: "system", id: null, name: null },
    source: { connection_id: null, kind: null },
    data: {},
  };
}
