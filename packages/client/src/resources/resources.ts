import { type AccountApi, accountCalls } from "./account-api.ts";
import { type AlertsApi, alertsCalls } from "./alerts-api.ts";
import { type ActivitiesApi, activitiesCalls } from "./activities-api.ts";
import { type ApiKeysApi, apiKeysCalls } from "./api-keys-api.ts";
import { type AuditApi, auditCalls } from "./audit-api.ts";
import { type BookingEventsApi, bookingEventsCalls } from "./booking-events-api.ts";
import { type BookingsApi, bookingsCalls } from "./bookings-api.ts";
import { type CommandsApi, commandsCalls } from "./commands-api.ts";
import { type ConnectionsApi, connectionsCalls } from "./connections-api.ts";
import {
  type CustomersApi,
  customersCalls,
  type SubjectsApi,
  subjectsCalls,
} from "./customers-api.ts";
import { type DeliveriesApi, deliveriesCalls } from "./deliveries-api.ts";
import { type DestinationsApi, destinationsCalls } from "./destinations-api.ts";
import { type FeedsApi, feedsCalls } from "./feeds-api.ts";
import { type InboundMessagesApi, inboundMessagesCalls } from "./inbound-messages-api.ts";
import { type InvitationsApi, invitationsCalls } from "./invitations-api.ts";
import { type MembersApi, membersCalls } from "./members-api.ts";
import { type OrganisationApi, organisationCalls } from "./organisation-api.ts";
import { type PortalApi, portalCalls } from "./portal-api.ts";
import { type ReconcileApi, reconcileCalls } from "./reconcile-api.ts";
import type { Transport } from "../transport.ts";
import type { Calls } from "./resource.ts";
import { type SessionApi, sessionCalls } from "./session-api.ts";
import { type TasksApi, tasksCalls } from "./tasks-api.ts";

/** All that can be asked of a hub; see `later-resource.ts`. */
export interface Resources {
  readonly session: SessionApi;
  readonly bookings: BookingsApi;
  readonly bookingEvents: BookingEventsApi;
  readonly activities: ActivitiesApi;
  readonly tasks: TasksApi;
  readonly customers: CustomersApi;
  readonly subjects: SubjectsApi;
  readonly commands: CommandsApi;
  readonly account: AccountApi;
  readonly members: MembersApi;
  readonly invitations: InvitationsApi;
  readonly apiKeys: ApiKeysApi;
  readonly alerts: AlertsApi;
  readonly organisation: OrganisationApi;
  readonly audit: AuditApi;
  readonly inboundMessages: InboundMessagesApi;
  readonly connections: ConnectionsApi;
  readonly reconcile: ReconcileApi;
  readonly destinations: DestinationsApi;
  readonly deliveries: DeliveriesApi;
  readonly feeds: FeedsApi;
  /** A destination's log, by the token of a link to it. */
  readonly portal: PortalApi;
}

export const resourceCalls: {
  readonly [Name in keyof Resources]: Calls<Resources[Name]>;
} = {
  session: sessionCalls,
  bookings: bookingsCalls,
  bookingEvents: bookingEventsCalls,
  activities: activitiesCalls,
  tasks: tasksCalls,
  customers: customersCalls,
  subjects: subjectsCalls,
  commands: commandsCalls,
  account: accountCalls,
  members: membersCalls,
  invitations: invitationsCalls,
  apiKeys: apiKeysCalls,
  alerts: alertsCalls,
  organisation: organisationCalls,
  audit: auditCalls,
  inboundMessages: inboundMessagesCalls,
  connections: connectionsCalls,
  reconcile: reconcileCalls,
  destinations: destinationsCalls,
  deliveries: deliveriesCalls,
  feeds: feedsCalls,
  portal: portalCalls,
};

/** Signing in and out, and an invitation's acceptance, which signs in. */
const forSession = /^\/api\/v1\/(session|invitations\/accept$)/;

/** @param retry connects anew: another identity may count by now, and the open stream is the former one's */
export function inSession(transport: Transport, retry: () => void): Transport {
  return {
    ...transport,
    async json(method, path, request) {
      const answer = await transport.json(method, path, request);
      if (method !== "GET" && forSession.test(path)) retry();
      return answer as never;
    },
  };
}
