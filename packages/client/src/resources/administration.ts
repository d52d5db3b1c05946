import { type AccountApi, accountCalls } from "./account-api.ts";
import { type AlertsApi, alertsCalls } from "./alerts-api.ts";
import { type ApiKeysApi, apiKeysCalls } from "./api-keys-api.ts";
import { type AuditApi, auditCalls } from "./audit-api.ts";
import { type ConnectionsApi, connectionsCalls } from "./connections-api.ts";
import { type DeliveriesApi, deliveriesCalls } from "./deliveries-api.ts";
import { type DestinationsApi, destinationsCalls } from "./destinations-api.ts";
import { type FeedsApi, feedsCalls } from "./feeds-api.ts";
import { type InboundMessagesApi, inboundMessagesCalls } from "./inbound-messages-api.ts";
import { type InvitationsApi, invitationsCalls } from "./invitations-api.ts";
import { type MembersApi, membersCalls } from "./members-api.ts";
import { type OrganisationApi, organisationCalls } from "./organisation-api.ts";
import { type PortalApi, portalCalls } from "./portal-api.ts";
import { type ReconcileApi, reconcileCalls } from "./reconcile-api.ts";
import type { Calls } from "./resource.ts";

/** What the hub's own settings and consoles ask for; see `later-resource.ts`. */
export interface Administration {
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

export const administrationCalls: {
  readonly [Name in keyof Administration]: Calls<Administration[Name]>;
} = {
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
