import { createLiveFeed, type FeedOptions, type LiveFeed } from "./live/live-feed.ts";
import { type ActivitiesApi, activitiesCalls } from "./resources/activities-api.ts";
import { type BookingEventsApi, bookingEventsCalls } from "./resources/booking-events-api.ts";
import { type BookingsApi, bookingsCalls } from "./resources/bookings-api.ts";
import { type CommandsApi, commandsCalls } from "./resources/commands-api.ts";
import {
  type CustomersApi,
  customersCalls,
  type SubjectsApi,
  subjectsCalls,
} from "./resources/customers-api.ts";
import { type SessionApi, sessionCalls } from "./resources/session-api.ts";
import {
  type BookingEventStream,
  type StreamOptions,
  streamBookingEvents,
} from "./live/stream-booking-events.ts";
import { type TasksApi, tasksCalls } from "./resources/tasks-api.ts";
import type { Administration } from "./resources/administration.ts";
import { laterResource } from "./resources/later-resource.ts";
import { type Calls, makeResource } from "./resources/resource.ts";
import { createTransport, type Transport, type TransportOptions } from "./transport.ts";

export interface ClientOptions extends TransportOptions, FeedOptions {}

/** What pages and programs ask for every day. */
interface Everyday {
  readonly session: SessionApi;
  readonly bookings: BookingsApi;
  readonly bookingEvents: BookingEventsApi;
  readonly activities: ActivitiesApi;
  readonly tasks: TasksApi;
  readonly customers: CustomersApi;
  readonly subjects: SubjectsApi;
  readonly commands: CommandsApi;
}

/** Everything that a program or page can ask of a hub. Every call throws ApiError when refused. */
export interface SlotwireClient extends Everyday, Administration {
  /** The shared live stream: one connection, however many follow it. */
  readonly live: LiveFeed;
  /** A stream of its own, with its own position and filters. */
  stream(options?: StreamOptions): BookingEventStream;
}

const everydayCalls: { readonly [Name in keyof Everyday]: Calls<Everyday[Name]> } = {
  session: sessionCalls,
  bookings: bookingsCalls,
  bookingEvents: bookingEventsCalls,
  activities: activitiesCalls,
  tasks: tasksCalls,
  customers: customersCalls,
  subjects: subjectsCalls,
  commands: commandsCalls,
};

/** Their methods are loaded with the first call. */
const administration = Object.keys({
  account: 0,
  members: 0,
  invitations: 0,
  apiKeys: 0,
  alerts: 0,
  organisation: 0,
  audit: 0,
  inboundMessages: 0,
  connections: 0,
  reconcile: 0,
  destinations: 0,
  deliveries: 0,
  feeds: 0,
  portal: 0,
} satisfies Record<keyof Administration, 0>) as readonly (keyof Administration)[];

/**
 * Makes a client of one hub and one identity. In a page of the hub itself it needs no options:
 * the session cookie says who asks.
 */
export function createClient(options: ClientOptions = {}): SlotwireClient {
  const transport = createTransport(options);
  const live = createLiveFeed(transport, options);
  const inSession: Transport = {
    ...transport,
    async json(method, path, request) {
      const answer = await transport.json(method, path, request);
      // Another identity may count by now: the open stream is still the former one's.
      if (method !== "GET") live.retry();
      return answer as never;
    },
  };
  const everyday = Object.entries(everydayCalls).map(([name, calls]) => [
    name,
    makeResource(name === "session" ? inSession : transport, pathOf(name), calls as Calls<object>),
  ]);
  const later = administration.map((name) => [
    name,
    laterResource(async () => {
      const { administrationCalls } = await import("./resources/administration.ts");
      return makeResource<object>(transport, pathOf(name), administrationCalls[name]);
    }),
  ]);
  return {
    ...(Object.fromEntries([...everyday, ...later]) as Everyday & Administration),
    live,
    stream: (streamOptions) => streamBookingEvents(transport, { ...options, ...streamOptions }),
  };
}

/** `apiKeys` are below `api-keys`. */
const pathOf = (name: string): string =>
  name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
