import { createLiveFeed, type FeedOptions, type LiveFeed } from "./live/live-feed.ts";
import { type AccountApi, accountCalls } from "./resources/account-api.ts";
import { type ActivitiesApi, activitiesCalls } from "./resources/activities-api.ts";
import { type AlertsApi, alertsCalls } from "./resources/alerts-api.ts";
import { type ApiKeysApi, apiKeysCalls } from "./resources/api-keys-api.ts";
import { type AuditApi, auditCalls } from "./resources/audit-api.ts";
import { type BookingEventsApi, bookingEventsCalls } from "./resources/booking-events-api.ts";
import { type BookingsApi, bookingsCalls } from "./resources/bookings-api.ts";
import { type CommandsApi, commandsCalls } from "./resources/commands-api.ts";
import { type ConnectionsApi, connectionsCalls } from "./resources/connections-api.ts";
import {
  type CustomersApi,
  customersCalls,
  type SubjectsApi,
  subjectsCalls,
} from "./resources/customers-api.ts";
import { type DeliveriesApi, deliveriesCalls } from "./resources/deliveries-api.ts";
import { type DestinationsApi, destinationsCalls } from "./resources/destinations-api.ts";
import { type FeedsApi, feedsCalls } from "./resources/feeds-api.ts";
import { type InboundMessagesApi, inboundMessagesCalls } from "./resources/inbound-messages-api.ts";
import { type InvitationsApi, invitationsCalls } from "./resources/invitations-api.ts";
import { type MembersApi, membersCalls } from "./resources/members-api.ts";
import { type OrganisationApi, organisationCalls } from "./resources/organisation-api.ts";
import { type PortalApi, portalCalls } from "./resources/portal-api.ts";
import { type ReconcileApi, reconcileCalls } from "./resources/reconcile-api.ts";
import { type SessionApi, sessionCalls } from "./resources/session-api.ts";
import {
  type BookingEventStream,
  type StreamOptions,
  streamBookingEvents,
} from "./live/stream-booking-events.ts";
import { type TasksApi, tasksCalls } from "./resources/tasks-api.ts";
import { type Calls, makeResource } from "./resources/resource.ts";
import { createTransport, type Transport, type TransportOptions } from "./transport.ts";

export interface ClientOptions extends TransportOptions, FeedOptions {}

interface Resources {
  readonly session: SessionApi;
  readonly account: AccountApi;
  readonly members: MembersApi;
  readonly invitations: InvitationsApi;
  readonly apiKeys: ApiKeysApi;
  readonly alerts: AlertsApi;
  readonly organisation: OrganisationApi;
  readonly audit: AuditApi;
  readonly bookings: BookingsApi;
  readonly bookingEvents: BookingEventsApi;
  readonly activities: ActivitiesApi;
  readonly tasks: TasksApi;
  readonly customers: CustomersApi;
  readonly subjects: SubjectsApi;
  readonly inboundMessages: InboundMessagesApi;
  readonly commands: CommandsApi;
  readonly connections: ConnectionsApi;
  readonly reconcile: ReconcileApi;
  readonly destinations: DestinationsApi;
  readonly deliveries: DeliveriesApi;
  readonly feeds: FeedsApi;
  /** A destination's log, by the token of a link to it. */
  readonly portal: PortalApi;
}

/** Everything that a program or page can ask of a hub. Every call throws ApiError when refused. */
export interface SlotwireClient extends Resources {
  /** The shared live stream: one connection, however many follow it. */
  readonly live: LiveFeed;
  /** A stream of its own, with its own position and filters. */
  stream(options?: StreamOptions): BookingEventStream;
}

const calls: { readonly [Name in keyof Resources]: Calls<Resources[Name]> } = {
  session: sessionCalls,
  account: accountCalls,
  members: membersCalls,
  invitations: invitationsCalls,
  apiKeys: apiKeysCalls,
  alerts: alertsCalls,
  organisation: organisationCalls,
  audit: auditCalls,
  bookings: bookingsCalls,
  bookingEvents: bookingEventsCalls,
  activities: activitiesCalls,
  tasks: tasksCalls,
  customers: customersCalls,
  subjects: subjectsCalls,
  inboundMessages: inboundMessagesCalls,
  commands: commandsCalls,
  connections: connectionsCalls,
  reconcile: reconcileCalls,
  destinations: destinationsCalls,
  deliveries: deliveriesCalls,
  feeds: feedsCalls,
  portal: portalCalls,
};

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
  const resources = Object.entries(calls).map(([name, ofOne]) => [
    name,
    makeResource(name === "session" ? inSession : transport, pathOf(name), ofOne as Calls<object>),
  ]);
  return {
    ...(Object.fromEntries(resources) as Resources),
    live,
    stream: (streamOptions) => streamBookingEvents(transport, { ...options, ...streamOptions }),
  };
}

/** `apiKeys` are below `api-keys`. */
const pathOf = (name: string): string =>
  name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
