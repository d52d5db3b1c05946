import {
  createRoute,
  lazyRouteComponent,
  notFound,
  redirect,
  rootRouteId,
} from "@tanstack/react-router";
import { isUuid } from "../api/is-uuid.ts";
import { sessionQuery } from "../api/queries.ts";
import { auditPeriods, type AuditSearch, type ReconcileSearch } from "../api/search.ts";
import { NotForYou } from "../shell/not-for-you.tsx";
import { placesFor } from "../shell/places.ts";
import { isDay } from "../time/zoned-day.ts";
import { app } from "./root-routes.ts";
import { oneOf, text } from "./search-values.ts";

const connections = createRoute({
  getParentRoute: () => app,
  path: "/settings/connections",
  staticData: { needs: "connections:read" },
  component: lazyRouteComponent(
    () => import("../screens/connections/connections-screen.tsx"),
    "ConnectionsScreen",
  ),
});

const reconcile = createRoute({
  getParentRoute: () => app,
  path: "/settings/connections/$connectionId",
  staticData: { needs: "connections:read" },
  validateSearch: (search: Record<string, unknown>): ReconcileSearch => text("run", search.run),
  component: lazyRouteComponent(
    () => import("../screens/reconcile/reconcile-screen.tsx"),
    "ReconcileScreen",
  ),
});

const mapping = createRoute({
  getParentRoute: () => app,
  path: "/settings/connections/$connectionId/mapping",
  staticData: { needs: "connections:manage" },
  beforeLoad: ({ params }) => {
    if (!isUuid(params.connectionId)) notFound({ throw: true });
  },
  component: lazyRouteComponent(
    () => import("../screens/mapping/mapping-screen.tsx"),
    "MappingScreen",
  ),
});

const feeds = createRoute({
  getParentRoute: () => app,
  path: "/settings/feeds",
  staticData: { needs: "feeds:manage" },
  component: lazyRouteComponent(() => import("../screens/feeds/feeds-screen.tsx"), "FeedsScreen"),
});

const members = createRoute({
  getParentRoute: () => app,
  path: "/settings/members",
  staticData: { needs: "members:read" },
  component: lazyRouteComponent(
    () => import("../screens/members/members-screen.tsx"),
    "MembersScreen",
  ),
});

const keys = createRoute({
  getParentRoute: () => app,
  path: "/settings/keys",
  staticData: { needs: "keys:read" },
  component: lazyRouteComponent(() => import("../screens/keys/keys-screen.tsx"), "KeysScreen"),
});

const audit = createRoute({
  getParentRoute: () => app,
  path: "/settings/audit",
  staticData: { needs: "audit:read" },
  validateSearch: (search: Record<string, unknown>): AuditSearch => ({
    ...text("actor", search.actor),
    ...text("entity", search.entity),
    ...text("thing", search.thing),
    ...oneOf("period", auditPeriods, search.period),
    ...text("from", isDay(search.from) ? search.from : undefined),
    ...text("to", isDay(search.to) ? search.to : undefined),
  }),
  component: lazyRouteComponent(() => import("../screens/audit/audit-screen.tsx"), "AuditScreen"),
});

/** Addresses that lead on: the settings' to the first of them, the former one of connections. */
const settings = createRoute({
  getParentRoute: () => app,
  path: "/settings",
  beforeLoad: async ({ context }) => {
    const session = await context.queries.query({ ...sessionQuery, staleTime: "static" });
    const first = placesFor(session).settings[0];
    redirect({ to: first?.to ?? "/account", replace: true, throw: true });
  },
});

/** Whoever has no settings hears so at every address below them, be there such a page or not. */
const unknownSettings = createRoute({
  getParentRoute: () => app,
  path: "/settings/$",
  beforeLoad: async ({ context }) => {
    const session = await context.queries.query({ ...sessionQuery, staleTime: "static" });
    if (placesFor(session).settings.length > 0) notFound({ routeId: rootRouteId, throw: true });
  },
  component: NotForYou,
});

const connect = createRoute({
  getParentRoute: () => app,
  path: "/connect",
  beforeLoad: () => {
    redirect({ to: "/settings/connections", replace: true, throw: true });
  },
});

/** The organisation's settings. */
export const settingsRoutes = [
  connections,
  reconcile,
  mapping,
  feeds,
  members,
  keys,
  audit,
  settings,
  unknownSettings,
  connect,
] as const;
