import type { App, Hub } from "./app.types.ts";
import { accountRoutes } from "./routes/account.ts";
import { activitiesRoutes } from "./routes/activities.ts";
import { accountEmailRoutes } from "./routes/account-email.ts";
import { alertsRoutes } from "./routes/alerts.ts";
import { auditRoutes } from "./routes/audit.ts";
import { apiKeysRoutes } from "./routes/api-keys.ts";
import { bookingEventsRoutes } from "./routes/booking-events.ts";
import { bookingLinksRoutes } from "./routes/booking-links.ts";
import { bookingsRoutes } from "./routes/bookings.ts";
import { commandsRoutes } from "./routes/commands.ts";
import { connectionsRoutes } from "./routes/connections.ts";
import { customersRoutes } from "./routes/customers.ts";
import { deliveriesRoutes } from "./routes/deliveries.ts";
import { demoRoutes } from "./routes/demo.ts";
import { destinationStatisticsRoutes } from "./routes/destination-statistics.ts";
import { destinationsRoutes } from "./routes/destinations.ts";
import { externalCalendarRoutes } from "./routes/external-calendar.ts";
import { feedsRoutes } from "./routes/feeds.ts";
import { healthRoutes } from "./routes/health.ts";
import { inboundMessagesRoutes } from "./routes/inbound-messages.ts";
import { organisationRoutes } from "./routes/organisation.ts";
import { passwordResetRoutes } from "./routes/password-reset.ts";
import { incomingBookingsRoutes } from "./routes/incoming-bookings.ts";
import { importBookingRoutes } from "./routes/import-booking.ts";
import { invitationsRoutes } from "./routes/invitations.ts";
import { mappingsRoutes } from "./routes/mappings.ts";
import { membersRoutes } from "./routes/members.ts";
import { oidcRoutes } from "./routes/oidc.ts";
import { portalRoutes } from "./routes/portal.ts";
import { reconcileRoutes } from "./routes/reconcile.ts";
import { seedFunctionsRoutes } from "./routes/seed-functions.ts";
import { sessionRoutes } from "./routes/session.ts";
import { sessionsRoutes } from "./routes/sessions.ts";
import { streamTokensRoutes } from "./routes/stream-tokens.ts";
import { streamRoutes } from "./routes/stream.ts";
import { tasksRoutes } from "./routes/tasks.ts";
import { webhooksRoutes } from "./routes/webhooks.ts";

/** A file of `routes/`: registers the routes of one room. */
export type Routes = (app: App, hub: Hub) => void;

/** Every routes file of the hub. */
export const routes: readonly Routes[] = [
  healthRoutes,
  sessionRoutes,
  oidcRoutes,
  membersRoutes,
  invitationsRoutes,
  sessionsRoutes,
  accountRoutes,
  accountEmailRoutes,
  passwordResetRoutes,
  apiKeysRoutes,
  bookingsRoutes,
  bookingLinksRoutes,
  importBookingRoutes,
  customersRoutes,
  activitiesRoutes,
  tasksRoutes,
  bookingEventsRoutes,
  commandsRoutes,
  streamRoutes,
  streamTokensRoutes,
  destinationsRoutes,
  destinationStatisticsRoutes,
  deliveriesRoutes,
  portalRoutes,
  webhooksRoutes,
  feedsRoutes,
  incomingBookingsRoutes,
  seedFunctionsRoutes,
  externalCalendarRoutes,
  inboundMessagesRoutes,
  connectionsRoutes,
  mappingsRoutes,
  reconcileRoutes,
  auditRoutes,
  alertsRoutes,
  organisationRoutes,
  demoRoutes,
];
