import { QueryCache, QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
  rootRouteId,
} from "@tanstack/react-router";
import { isUuid } from "./api/is-uuid.ts";
import { isSignedOut } from "./api/problem-of.ts";
import { sessionQuery } from "./api/queries.ts";
import {
  auditPeriods,
  type AuditSearch,
  type DeliveriesSearch,
  type InboxSearch,
  type ReconcileSearch,
  type SignInSearch,
} from "./api/search.ts";
import { inboundMessageStatuses } from "./api/statuses.ts";
import { PageSkeleton } from "./parts/skeleton.tsx";
import { FailedScreen } from "./shell/failed-screen.tsx";
import { NotForYou } from "./shell/not-for-you.tsx";
import { NotFound } from "./shell/not-found.tsx";
import { placesFor } from "./shell/places.ts";
import { Shell } from "./shell/shell.tsx";
import { ownPath } from "./session/own-path.ts";
import { isDay } from "./time/zoned-day.ts";

interface Context {
  readonly queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  notFoundComponent: NotFound,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): SignInSearch => ({
    ...text("token", search.token),
    ...text("to", ownPath(search.to)),
  }),
  component: lazyRouteComponent(
    () => import("./screens/sign-in/sign-in-screen.tsx"),
    "SignInScreen",
  ),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset",
  component: lazyRouteComponent(() => import("./screens/reset/reset-screen.tsx"), "ResetScreen"),
});

const confirmEmail = createRoute({
  getParentRoute: () => root,
  path: "/confirm-email",
  component: lazyRouteComponent(
    () => import("./screens/confirm-email/confirm-email-screen.tsx"),
    "ConfirmEmailScreen",
  ),
});

const invite = createRoute({
  getParentRoute: () => root,
  path: "/invite",
  component: lazyRouteComponent(() => import("./screens/invite/invite-screen.tsx"), "InviteScreen"),
});

/** For whoever has a link to a destination's log, and no account. */
const portal = createRoute({
  getParentRoute: () => root,
  path: "/portal",
  component: lazyRouteComponent(() => import("./screens/portal/portal-screen.tsx"), "PortalScreen"),
});

/** What tells the sign-in page where to go on. */
function backTo(href: string): SignInSearch {
  const path = ownPath(href);
  return path === undefined || path === "/" ? {} : { to: path };
}

/** Lets whoever is signed in pass, and sends others to the page where one signs in. */
async function requireSession(queries: QueryClient, to: string): Promise<void> {
  try {
    await queries.query({ ...sessionQuery, staleTime: "static" });
  } catch (error) {
    if (isSignedOut(error)) {
      redirect({ to: "/sign-in", search: backTo(to), throw: true });
    }
    throw error;
  }
}

const welcome = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  beforeLoad: ({ context, location }) => requireSession(context.queries, location.href),
  component: lazyRouteComponent(
    () => import("./screens/welcome/welcome-screen.tsx"),
    "WelcomeScreen",
  ),
});

const app = createRoute({
  getParentRoute: () => root,
  id: "app",
  component: Shell,
  beforeLoad: ({ context, location }) => requireSession(context.queries, location.href),
});

const today = createRoute({
  getParentRoute: () => app,
  path: "/",
  staticData: { needs: "bookings:read" },
  // What is left out stays as it stands in the address, so a bad value is overwritten.
  validateSearch: (search: Record<string, unknown>): { on?: string | undefined } => ({
    on: isDay(search.on) ? search.on : undefined,
  }),
  component: lazyRouteComponent(() => import("./screens/today/today-screen.tsx"), "TodayScreen"),
});

const booking = createRoute({
  getParentRoute: () => app,
  path: "/bookings/$bookingId",
  staticData: { needs: "bookings:read" },
  beforeLoad: ({ params }) => {
    if (!isUuid(params.bookingId)) notFound({ throw: true });
  },
  component: lazyRouteComponent(
    () => import("./screens/booking/booking-screen.tsx"),
    "BookingScreen",
  ),
});

const unlinked = createRoute({
  getParentRoute: () => app,
  path: "/unlinked",
  staticData: { needs: "bookings:write" },
  component: lazyRouteComponent(
    () => import("./screens/unlinked/unlinked-screen.tsx"),
    "UnlinkedScreen",
  ),
});

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
  component: lazyRouteComponent(() => import("./screens/inbox/inbox-screen.tsx"), "InboxScreen"),
});

const message = createRoute({
  getParentRoute: () => inbox,
  path: "$messageId",
  component: lazyRouteComponent(
    () => import("./screens/inbox/message-detail.tsx"),
    "MessageDetail",
  ),
});

const alerts = createRoute({
  getParentRoute: () => app,
  path: "/alerts",
  staticData: { needs: "alerts:read" },
  validateSearch: (search: Record<string, unknown>): { show?: "over" | undefined } =>
    oneOf("show", ["over"] as const, search.show),
  component: lazyRouteComponent(() => import("./screens/alerts/alerts-screen.tsx"), "AlertsScreen"),
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
    () => import("./screens/deliveries/deliveries-screen.tsx"),
    "DeliveriesScreen",
  ),
});

const delivery = createRoute({
  getParentRoute: () => deliveries,
  path: "$deliveryId",
  component: lazyRouteComponent(
    () => import("./screens/deliveries/delivery-detail.tsx"),
    "DeliveryDetail",
  ),
});

const destinations = createRoute({
  getParentRoute: () => app,
  path: "/destinations",
  staticData: { needs: "destinations:read" },
  component: lazyRouteComponent(
    () => import("./screens/destinations/destinations-screen.tsx"),
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
    () => import("./screens/destinations/destination-screen.tsx"),
    "DestinationScreen",
  ),
});

const connections = createRoute({
  getParentRoute: () => app,
  path: "/settings/connections",
  staticData: { needs: "connections:read" },
  component: lazyRouteComponent(
    () => import("./screens/connections/connections-screen.tsx"),
    "ConnectionsScreen",
  ),
});

const reconcile = createRoute({
  getParentRoute: () => app,
  path: "/settings/connections/$connectionId",
  staticData: { needs: "connections:read" },
  validateSearch: (search: Record<string, unknown>): ReconcileSearch => text("run", search.run),
  component: lazyRouteComponent(
    () => import("./screens/reconcile/reconcile-screen.tsx"),
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
    () => import("./screens/mapping/mapping-screen.tsx"),
    "MappingScreen",
  ),
});

const feeds = createRoute({
  getParentRoute: () => app,
  path: "/settings/feeds",
  staticData: { needs: "feeds:manage" },
  component: lazyRouteComponent(() => import("./screens/feeds/feeds-screen.tsx"), "FeedsScreen"),
});

const members = createRoute({
  getParentRoute: () => app,
  path: "/settings/members",
  staticData: { needs: "members:read" },
  component: lazyRouteComponent(
    () => import("./screens/members/members-screen.tsx"),
    "MembersScreen",
  ),
});

const keys = createRoute({
  getParentRoute: () => app,
  path: "/settings/keys",
  staticData: { needs: "keys:read" },
  component: lazyRouteComponent(() => import("./screens/keys/keys-screen.tsx"), "KeysScreen"),
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
  component: lazyRouteComponent(() => import("./screens/audit/audit-screen.tsx"), "AuditScreen"),
});

const demo = createRoute({
  getParentRoute: () => app,
  path: "/demo/real-time-bookings",
  staticData: { needs: "organisation:manage" },
  component: lazyRouteComponent(() => import("./screens/demo/demo-screen.tsx"), "DemoScreen"),
});

const account = createRoute({
  getParentRoute: () => app,
  path: "/account",
  component: lazyRouteComponent(
    () => import("./screens/account/account-screen.tsx"),
    "AccountScreen",
  ),
});

const more = createRoute({
  getParentRoute: () => app,
  path: "/more",
  component: lazyRouteComponent(() => import("./screens/more/more-screen.tsx"), "MoreScreen"),
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

const routeTree = root.addChildren([
  signIn,
  reset,
  confirmEmail,
  invite,
  portal,
  welcome,
  app.addChildren([
    today,
    booking,
    unlinked,
    inbox.addChildren([message]),
    alerts,
    deliveries.addChildren([delivery]),
    destinations,
    destination,
    connections,
    reconcile,
    mapping,
    feeds,
    members,
    keys,
    audit,
    demo,
    account,
    more,
    settings,
    unknownSettings,
    connect,
  ]),
]);

/**
 * A search parameter that may only have one of some values; anything else is as if it was not
 * there. The router keeps what is left out, so that it has to be overwritten.
 */
function oneOf<Name extends string, Value extends string>(
  name: Name,
  values: readonly Value[],
  given: unknown,
): { [key in Name]: Value | undefined } {
  const value = values.find((one) => one === given);
  return { [name]: value } as { [key in Name]: Value | undefined };
}

/** A search parameter as it was given, whatever it is: the router reads numbers out of an address. */
function asGiven<Name extends string>(
  name: Name,
  given: unknown,
): { [key in Name]: string | undefined } {
  return text(
    name,
    typeof given === "string" ? given : given === undefined ? given : JSON.stringify(given),
  );
}

/** A search parameter that may be any text that is not empty. */
function text<Name extends string>(
  name: Name,
  given: unknown,
): { [key in Name]: string | undefined } {
  const value = typeof given === "string" && given !== "" ? given : undefined;
  return { [name]: value } as { [key in Name]: string | undefined };
}

/** Reading again is worth it after a network failure, and never after an answer of the hub. */
const retry = (failures: number, error: unknown) => error instanceof TypeError && failures < 2;

export const queries = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      // A refused sign-in link stays on its own page, which says how to get another one.
      if (!isSignedOut(error) || query.queryKey[0] === "sign-in") return;
      const { pathname, href } = router.latestLocation;
      if (pathname === "/sign-in") return;
      void router.navigate({ to: "/sign-in", search: backTo(href) });
    },
  }),
  defaultOptions: { queries: { staleTime: 5_000, retry, refetchOnWindowFocus: true } },
});

/** The dashboard's screens and their addresses. */
export const router = createRouter({
  routeTree,
  context: { queries },
  defaultPreload: "intent",
  defaultPendingComponent: PageSkeleton,
  defaultErrorComponent: FailedScreen,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
  interface StaticDataRouteOption {
    /** What the role has to include for the screen to be shown. */
    readonly needs?: string;
  }
}
