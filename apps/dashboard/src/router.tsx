import { QueryCache, QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { isSignedOut } from "./api/problem-of.ts";
import { sessionQuery } from "./api/queries.ts";
import type { DeliveriesSearch, InboxSearch } from "./api/search.ts";
import { deliveryStatuses, inboundMessageStatuses } from "./api/statuses.ts";
import { PageSkeleton } from "./parts/skeleton.tsx";
import { FailedScreen } from "./shell/failed-screen.tsx";
import { NotFound } from "./shell/not-found.tsx";
import { Shell } from "./shell/shell.tsx";
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
  validateSearch: (search: Record<string, unknown>): { token?: string } =>
    typeof search.token === "string" ? { token: search.token } : {},
  component: lazyRouteComponent(
    () => import("./screens/sign-in/sign-in-screen.tsx"),
    "SignInScreen",
  ),
});

const app = createRoute({
  getParentRoute: () => root,
  id: "app",
  component: Shell,
  beforeLoad: async ({ context }) => {
    try {
      await context.queries.query({ ...sessionQuery, staleTime: "static" });
    } catch (error) {
      if (isSignedOut(error)) redirect({ to: "/sign-in", throw: true });
      throw error;
    }
  },
});

const today = createRoute({
  getParentRoute: () => app,
  path: "/",
  // What is left out stays as it stands in the address, so a bad value is overwritten.
  validateSearch: (search: Record<string, unknown>): { on?: string | undefined } => ({
    on: isDay(search.on) ? search.on : undefined,
  }),
  component: lazyRouteComponent(() => import("./screens/today/today-screen.tsx"), "TodayScreen"),
});

const booking = createRoute({
  getParentRoute: () => app,
  path: "/bookings/$bookingId",
  component: lazyRouteComponent(
    () => import("./screens/booking/booking-screen.tsx"),
    "BookingScreen",
  ),
});

const inbox = createRoute({
  getParentRoute: () => app,
  path: "/inbox",
  validateSearch: (search: Record<string, unknown>): InboxSearch =>
    oneOf("status", inboundMessageStatuses, search.status),
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

const deliveries = createRoute({
  getParentRoute: () => app,
  path: "/deliveries",
  validateSearch: (search: Record<string, unknown>): DeliveriesSearch => ({
    ...oneOf("status", deliveryStatuses, search.status),
    ...(typeof search.destination === "string" ? { destination: search.destination } : {}),
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
  component: lazyRouteComponent(
    () => import("./screens/destinations/destinations-screen.tsx"),
    "DestinationsScreen",
  ),
});

const connect = createRoute({
  getParentRoute: () => app,
  path: "/connect",
  component: lazyRouteComponent(
    () => import("./screens/connect/connect-screen.tsx"),
    "ConnectScreen",
  ),
});

const routeTree = root.addChildren([
  signIn,
  app.addChildren([
    today,
    booking,
    inbox.addChildren([message]),
    deliveries.addChildren([delivery]),
    destinations,
    connect,
  ]),
]);

/** A search parameter that may only have one of some values; anything else is as if it was not there. */
function oneOf<Name extends string, Value extends string>(
  name: Name,
  values: readonly Value[],
  given: unknown,
): { [key in Name]?: Value } {
  const value = values.find((one) => one === given);
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]?: Value });
}

/** Reading again is worth it after a network failure, and never after an answer of the hub. */
const retry = (failures: number, error: unknown) => error instanceof TypeError && failures < 2;

export const queries = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      // A refused sign-in link stays on its own page, which says how to get another one.
      if (isSignedOut(error) && query.queryKey[0] !== "sign-in")
        void router.navigate({ to: "/sign-in" });
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
}
