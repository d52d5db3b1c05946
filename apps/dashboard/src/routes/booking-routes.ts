import { createRoute, lazyRouteComponent, notFound } from "@tanstack/react-router";
import { isUuid } from "../api/is-uuid.ts";
import { isDay } from "../time/zoned-day.ts";
import { app } from "./root-routes.ts";

const today = createRoute({
  getParentRoute: () => app,
  path: "/",
  staticData: { needs: "bookings:read" },
  // What is left out stays as it stands in the address, so a bad value is overwritten.
  validateSearch: (search: Record<string, unknown>): { on?: string | undefined } => ({
    on: isDay(search.on) ? search.on : undefined,
  }),
  component: lazyRouteComponent(() => import("../screens/today/today-screen.tsx"), "TodayScreen"),
});

const booking = createRoute({
  getParentRoute: () => app,
  path: "/bookings/$bookingId",
  staticData: { needs: "bookings:read" },
  beforeLoad: ({ params }) => {
    if (!isUuid(params.bookingId)) notFound({ throw: true });
  },
  component: lazyRouteComponent(
    () => import("../screens/booking/booking-screen.tsx"),
    "BookingScreen",
  ),
});

const unlinked = createRoute({
  getParentRoute: () => app,
  path: "/unlinked",
  staticData: { needs: "bookings:write" },
  component: lazyRouteComponent(
    () => import("../screens/unlinked/unlinked-screen.tsx"),
    "UnlinkedScreen",
  ),
});

/** The bookings themselves. */
export const bookingRoutes = [today, booking, unlinked] as const;
