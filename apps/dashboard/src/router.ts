import { QueryCache, QueryClient } from "@tanstack/react-query";
import { createRouter } from "@tanstack/react-router";
import { isSignedOut } from "./api/problem-of.ts";
import { PageSkeleton } from "./parts/skeleton.tsx";
import { bookingRoutes } from "./routes/booking-routes.ts";
import { otherRoutes } from "./routes/other-routes.ts";
import { outsideRoutes } from "./routes/outside-routes.ts";
import { backTo } from "./routes/require-session.ts";
import { app, root } from "./routes/root-routes.ts";
import { settingsRoutes } from "./routes/settings-routes.ts";
import { trafficRoutes } from "./routes/traffic-routes.ts";
import { FailedScreen } from "./shell/failed-screen.tsx";

const routeTree = root.addChildren([
  ...outsideRoutes,
  app.addChildren([...bookingRoutes, ...trafficRoutes, ...settingsRoutes, ...otherRoutes]),
]);

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
