import { createLiveFeed, type FeedOptions, type LiveFeed } from "./live/live-feed.ts";
import {
  type BookingEventStream,
  type StreamOptions,
  streamBookingEvents,
} from "./live/stream-booking-events.ts";
import { laterResource } from "./resources/later-resource.ts";
import { type Calls, makeResource } from "./resources/resource.ts";
import type { Resources } from "./resources/resources.ts";
import { opensSession } from "./opens-session.ts";
import { exposeInDevelopment } from "./subscriptions/booking-subscription-manager.ts";
import { createTransport, type TransportOptions } from "./transport.ts";

export interface ClientOptions extends TransportOptions, FeedOptions {}

/** Everything that a program or page can ask of a hub. Every call throws ApiError when refused. */
export interface SlotwireClient extends Resources {
  /** The shared live stream: one connection, however many follow it. */
  readonly live: LiveFeed;
  /** Whether `session` and `organisation` may be asked: publishable keys, stream tokens and tickets open a stream only. */
  opensSession(): Promise<boolean>;
  /** A stream of its own, with its own position and filters. */
  stream(options?: StreamOptions): BookingEventStream;
}

/** What pages begin with. All other methods are loaded with the first call of one of them. */
const firstCalls: { readonly [Name in keyof Resources]: Partial<Calls<Resources[Name]>> } = {
  session: { get: "GET" },
  bookings: { list: "GET?", get: "GET/:" },
  bookingEvents: { list: "GET?" },
  activities: { list: "GET?" },
  tasks: { list: "GET?" },
  customers: {},
  subjects: {},
  commands: {},
  account: {},
  members: {},
  invitations: {},
  apiKeys: {},
  alerts: {},
  organisation: { get: "GET" },
  audit: {},
  inboundMessages: {},
  connections: {},
  reconcile: {},
  destinations: {},
  deliveries: {},
  feeds: {},
  portal: {},
};

/**
 * Makes a client of one hub and one identity. In a page of the hub itself it needs no options:
 * the session cookie says who asks.
 */
export function createClient(options: ClientOptions = {}): SlotwireClient {
  const transport = createTransport(options);
  exposeInDevelopment();
  const live = createLiveFeed(transport, options);
  const resources = Object.entries(firstCalls).map(([name, calls]) => {
    // `apiKeys` are below `api-keys`.
    const path = name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
    const load = async (): Promise<object> => {
      const { inSession, resourceCalls } = await import("./resources/resources.ts");
      const through = inSession(transport, live.retry);
      return makeResource<object>(through, path, resourceCalls[name as keyof Resources]);
    };
    return [name, laterResource(load, makeResource<object>(transport, path, calls))];
  });
  return {
    ...(Object.fromEntries(resources) as Resources),
    live,
    opensSession: () => opensSession(transport, options),
    stream: (streamOptions) => streamBookingEvents(transport, { ...options, ...streamOptions }),
  };
}
