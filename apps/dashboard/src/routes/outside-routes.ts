import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { SignInSearch } from "../api/search.ts";
import { ownPath } from "../session/own-path.ts";
import { requireSession } from "./require-session.ts";
import { root } from "./root-routes.ts";
import { text } from "./search-values.ts";

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): SignInSearch => ({
    ...text("token", search.token),
    ...text("to", ownPath(search.to)),
  }),
  component: lazyRouteComponent(
    () => import("../screens/sign-in/sign-in-screen.tsx"),
    "SignInScreen",
  ),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset",
  component: lazyRouteComponent(() => import("../screens/reset/reset-screen.tsx"), "ResetScreen"),
});

const confirmEmail = createRoute({
  getParentRoute: () => root,
  path: "/confirm-email",
  component: lazyRouteComponent(
    () => import("../screens/confirm-email/confirm-email-screen.tsx"),
    "ConfirmEmailScreen",
  ),
});

const invite = createRoute({
  getParentRoute: () => root,
  path: "/invite",
  component: lazyRouteComponent(
    () => import("../screens/invite/invite-screen.tsx"),
    "InviteScreen",
  ),
});

/** For whoever has a link to a destination's log, and no account. */
const portal = createRoute({
  getParentRoute: () => root,
  path: "/portal",
  component: lazyRouteComponent(
    () => import("../screens/portal/portal-screen.tsx"),
    "PortalScreen",
  ),
});

const welcome = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  beforeLoad: ({ context, location }) => requireSession(context.queries, location.href),
  component: lazyRouteComponent(
    () => import("../screens/welcome/welcome-screen.tsx"),
    "WelcomeScreen",
  ),
});

/** What is shown without the navigation: to those who are not signed in yet, or have only a link. */
export const outsideRoutes = [signIn, reset, confirmEmail, invite, portal, welcome] as const;
