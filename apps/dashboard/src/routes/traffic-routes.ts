import { createRoute, lazyRouteComponent, notFound } from "@tanstack/react-router";
import { isUuid } from "../api/is-uuid.ts";
import type { DeliveriesSearch, InboxSearch } from "../api/search.ts";
import { inboundMessageStatuses } from "../api/statuses.ts";
import { isDay } from "../time/zoned-day.ts";
import { app } from "./root-routes.ts";
import { asGiven, oneOf, text } from "./search-values.ts";

const inbox = createRoute({
  getParentRoute: () => app,
  path: "/inbox",
  staticData: { needs: "inbox:read" },
  validateSearch: (search: Record<string, unknown>): InboxSearch => ({
    ...oneOf("status", inboundMessageStatuses, search.status),
    ...text("connection", isUuid(search.connection) ? search.connection : undefined),
    ...text("trigger", search.trigger),
    ...text("action", search.action),
    // A number in an address is one for the router.
    ...text("q", typeof search.q === "number" ? String(search.q) : search.q),
    ...text("from", isDay(search.from) ? search.from : undefined),
    ...text("to", isDay(search.to) ? search.to : undefined),
    ...oneOf("warning", ["true"] as const, String(search.warning)),
  }),
  component: lazyRouteComponent(() => import("../screens/inbox/inbox-screen.tsx"), "InboxScreen"),
});

const message = createRoute({
  getParentRoute: () => inbox,
  path: "$messageId",
  component: lazyRouteComponent(
    () => import("../screens/inbox/message-detail.tsx"),
    "MessageDetail",
  ),
});

const alerts = createRoute({
  getParentRoute: () => app,
  path: "/alerts",
  staticData: { needs: "alerts:read" },
  validateSearch: (search: Record<string, unknown>): { show?: "over" | undefined } =>
    oneOf("show", ["over"] as const, search.show),
  component: lazyRouteComponent(
    () => import("../screens/alerts/alerts-screen.tsx"),
    "AlertsScreen",
  ),
});

const deliveries = createRoute({
  getParentRoute: () => app,
  path: "/deliveries",
  staticData: { needs: "deliveries:read" },
  validateSearch: (search: Record<string, unknown>): DeliveriesSearch => ({
    ...asGiven("status", search.status),
    ...asGiven("destination", search.destination),
    ...asGiven("type", search.type),
    ...asGiven("error", search.error),
    ...asGiven("code", search.code),
    ...asGiven("from", search.from),
    ...asGiven("to", search.to),
    ...asGiven("booking", search.booking),
    ...asGiven("reason", search.reason),
    ...asGiven("replay", search.replay),
  }),
  component: lazyRouteComponent(
    () => import("../screens/deliveries/deliveries-screen.tsx"),
    "DeliveriesScreen",
  ),
});

const delivery = createRoute({
  getParentRoute: () => deliveries,
  path: "$deliveryId",
  component: lazyRouteComponent(
    () => import("../screens/deliveries/delivery-detail.tsx"),
    "DeliveryDetail",
  ),
});

const destinations = createRoute({
  getParentRoute: () => app,
  path: "/destinations",
  staticData: { needs: "destinations:read" },
  component: lazyRouteComponent(
    () => import("../screens/destinations/destinations-screen.tsx"),
    "DestinationsScreen",
  ),
});

const destination = createRoute({
  getParentRoute: () => app,
  path: "/destinations/$destinationId",
  staticData: { needs: "destinations:read" },
  beforeLoad: ({ params }) => {
    if (!isUuid(params.destinationId)) notFound({ throw: true });
  },
  component: lazyRouteComponent(
    () => import("../screens/destinations/destination-screen.tsx"),
    "DestinationScreen",
  ),
});

/** What comes in and goes out, and what needs somebody's attention there. */
export const trafficRoutes = [
  inbox.addChildren([message]),
  alerts,
  deliveries.addChildren([delivery]),
  destinations,
  destination,
] as const;
