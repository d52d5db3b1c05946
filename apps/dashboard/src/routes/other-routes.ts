import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { app } from "./root-routes.ts";

const demo = createRoute({
  getParentRoute: () => app,
  path: "/demo/real-time-bookings",
  staticData: { needs: "organisation:manage" },
  component: lazyRouteComponent(() => import("../screens/demo/demo-screen.tsx"), "DemoScreen"),
});

const account = createRoute({
  getParentRoute: () => app,
  path: "/account",
  component: lazyRouteComponent(
    () => import("../screens/account/account-screen.tsx"),
    "AccountScreen",
  ),
});

const more = createRoute({
  getParentRoute: () => app,
  path: "/more",
  component: lazyRouteComponent(() => import("../screens/more/more-screen.tsx"), "MoreScreen"),
});

/** The demo, one's own account, and the way to the rest on small screens. */
export const otherRoutes = [demo, account, more] as const;
