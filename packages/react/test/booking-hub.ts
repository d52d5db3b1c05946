import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createClient, type SlotwireClient } from "@slotwire/client";
import type { BookingEvent, BookingResource } from "@slotwire/contract";
import { openFlakyHub, type FlakyHub } from "../../client/test/flaky-hub.ts";

/** A hub on loopback that has bookings and a stream. */
export interface BookingHub {
  readonly stream: FlakyHub;
  readonly client: SlotwireClient;
  readonly bookings: Map<string, BookingResource>;
  /** How many readings of bookings it was asked for. */
  readonly readings: () => number;
  /** Answers a reading, with what it has read, only when this is over. */
  hold: () => Promise<unknown>;
  /** Changes a booking, or adds it, and writes the event. */
  write(
    change: Partial<BookingResource> & { readonly id: string },
    event?: Partial<BookingEvent>,
  ): void;
  close(): Promise<void>;
}

/** A booking at ten in Warsaw on the tests' day. */
export function makeVisit(
  change: Partial<BookingResource> & { readonly id: string },
): BookingResource {
  return {
    booking_number: 1,
    version: 1,
    status: "confirmed",
    starts_at: "2026-11-21T09:00:00.000Z",
    ends_at: "2026-11-21T10:00:00.000Z",
    title: "Grooming",
    location: null,
    customer: null,
    provider: null,
    subjects: [],
    attendees: [],
    deleted_at: null,
    ...change,
  } as unknown as BookingResource;
}

export async function openBookingHub(): Promise<BookingHub> {
  const stream = await openFlakyHub();
  const bookings = new Map<string, BookingResource>();
  let readings = 0;
  const answer = async (path: string, response: ServerResponse): Promise<void> => {
    readings += 1;
    const id = path.split("/")[4];
    const read =
      id === undefined ? { data: [...bookings.values()], next_cursor: null } : bookings.get(id);
    const text = JSON.stringify(read ?? {});
    await hub.hold();
    response.writeHead(read === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(text);
  };
  const server = createServer(({ url = "/" }, response) => {
    void answer(new URL(url, "http://hub").pathname, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = createClient({
    baseUrl: stream.baseUrl,
    reconnectDelays: [10],
    fetch: (input, init) => {
      const url = input as string;
      const isStream = url.includes("/stream");
      return fetch(isStream ? url : url.replace(stream.baseUrl, `http://127.0.0.1:${port}`), init);
    },
  });
  const hub: BookingHub = {
    stream,
    client,
    bookings,
    readings: () => readings,
    hold: async () => {},
    write(change, event = {}) {
      const before = bookings.get(change.id);
      const booking = {
        ...(before ?? makeVisit(change)),
        ...change,
        version: (before?.version ?? 0) + 1,
      };
      bookings.set(change.id, booking);
      stream.add({
        booking_id: change.id,
        booking_version: booking.version,
        changed_fields: Object.keys(change),
        data: { booking },
        ...event,
      });
    },
    async close() {
      client.live.close();
      server.close();
      server.closeAllConnections();
      await Promise.all([once(server, "close"), stream.close()]);
    },
  };
  return hub;
}
