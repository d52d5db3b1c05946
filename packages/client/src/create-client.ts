import { createLiveFeed, type FeedOptions, type LiveFeed } from "./live/live-feed.ts";
import { type AccountApi, accountApi } from "./resources/account-api.ts";
import { type ActivitiesApi, activitiesApi } from "./resources/activities-api.ts";
import { type AlertsApi, alertsApi } from "./resources/alerts-api.ts";
import { type ApiKeysApi, apiKeysApi } from "./resources/api-keys-api.ts";
import { type AuditApi, auditApi } from "./resources/audit-api.ts";
import { type BookingEventsApi, bookingEventsApi } from "./resources/booking-events-api.ts";
import { type BookingsApi, bookingsApi } from "./resources/bookings-api.ts";
import { type CommandsApi, commandsApi } from "./resources/commands-api.ts";
import { type ConnectionsApi, connectionsApi } from "./resources/connections-api.ts";
import {
  type CustomersApi,
  customersApi,
  type SubjectsApi,
  subjectsApi,
} from "./resources/customers-api.ts";
import { type DeliveriesApi, deliveriesApi } from "./resources/deliveries-api.ts";
import { type DestinationsApi, destinationsApi } from "./resources/destinations-api.ts";
import { type FeedsApi, feedsApi } from "./resources/feeds-api.ts";
import { type InboundMessagesApi, inboundMessagesApi } from "./resources/inbound-messages-api.ts";
import { type InvitationsApi, invitationsApi } from "./resources/invitations-api.ts";
import { type MembersApi, membersApi } from "./resources/members-api.ts";
import { type OrganisationApi, organisationApi } from "./resources/organisation-api.ts";
import { type PortalApi, portalApi } from "./resources/portal-api.ts";
import { type ReconcileApi, reconcileApi } from "./resources/reconcile-api.ts";
import { type SessionApi, sessionApi } from "./resources/session-api.ts";
import {
  type BookingEventStream,
  type StreamOptions,
  streamBookingEvents,
} from "./live/stream-booking-events.ts";
import { type TasksApi, tasksApi } from "./resources/tasks-api.ts";
import { createTransport, type TransportOptions } from "./transport.ts";

export interface ClientOptions extends TransportOptions, FeedOptions {}

/** Everything that a program or page can ask of a hub. Every call throws ApiError when refused. */
export interface SlotwireClient {
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
  /** The shared live stream: one connection, however many follow it. */
  readonly live: LiveFeed;
  /** A stream of its own, with its own position and filters. */
  stream(options?: StreamOptions): BookingEventStream;
}

/**
 * Makes a client of one hub and one identity. In a page of the hub itself it needs no options:
 * the session cookie says who asks.
 */
export function createClient(options: ClientOptions = {}): SlotwireClient {
  const transport = createTransport(options);
  const live = createLiveFeed(transport, options);
  return {
    // The open stream is still the former identity's.
    session: sessionApi(transport, live.retry),
    account: accountApi(transport),
    members: membersApi(transport),
    invitations: invitationsApi(transport),
    apiKeys: apiKeysApi(transport),
    alerts: alertsApi(transport),
    organisation: organisationApi(transport),
    audit: auditApi(transport),
    bookings: bookingsApi(transport),
    bookingEvents: bookingEventsApi(transport),
    activities: activitiesApi(transport),
    tasks: tasksApi(transport),
    customers: customersApi(transport),
    subjects: subjectsApi(transport),
    inboundMessages: inboundMessagesApi(transport),
    commands: commandsApi(transport),
    connections: connectionsApi(transport),
    reconcile: reconcileApi(transport),
    destinations: destinationsApi(transport),
    deliveries: deliveriesApi(transport),
    feeds: feedsApi(transport),
    portal: portalApi(transport),
    live,
    stream: (streamOptions = {}) =>
      streamBookingEvents(transport, { ...options, ...streamOptions }),
  };
}
