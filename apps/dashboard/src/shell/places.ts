import type { SessionResource } from "@slotwire/contract";
import { t } from "../messages/messages.ts";
import type { IconName } from "../parts/icon.tsx";
import { may } from "../session/use-may.ts";

/** A screen of the navigation. */
export interface Place {
  readonly to:
    | "/"
    | "/unlinked"
    | "/inbox"
    | "/deliveries"
    | "/destinations"
    | "/settings/connections"
    | "/settings/feeds"
    | "/settings/members"
    | "/settings/keys"
    | "/settings/audit"
    | "/demo/real-time-bookings";
  readonly label: string;
  readonly icon: IconName;
  /** What one has to be allowed to see it. */
  readonly needs: string;
}

/** Where the work of the day is. */
const dayPlaces: readonly Place[] = [
  { to: "/", label: t.nav.today, icon: "today", needs: "bookings:read" },
  { to: "/unlinked", label: t.nav.unlinked, icon: "link", needs: "bookings:write" },
  { to: "/inbox", label: t.nav.inbox, icon: "inbox", needs: "inbox:read" },
  { to: "/deliveries", label: t.nav.deliveries, icon: "send", needs: "deliveries:read" },
  { to: "/destinations", label: t.nav.destinations, icon: "target", needs: "destinations:read" },
];

/** What is set up now and then. */
const settingsPlaces: readonly Place[] = [
  {
    to: "/settings/connections",
    label: t.nav.connections,
    icon: "plug",
    needs: "connections:read",
  },
  { to: "/settings/feeds", label: t.nav.feeds, icon: "feed", needs: "feeds:manage" },
  { to: "/settings/members", label: t.nav.members, icon: "users", needs: "members:read" },
  { to: "/settings/keys", label: t.nav.keys, icon: "key", needs: "keys:read" },
  { to: "/settings/audit", label: t.nav.audit, icon: "log", needs: "audit:read" },
];

/** Of the organisation whose bookings are simulated. */
export const demoSlug = "demo";

const demoPlace: Place = {
  to: "/demo/real-time-bookings",
  label: t.nav.demo,
  icon: "play",
  needs: "organisation:manage",
};

/** The screens that whoever is signed in may see. */
export function placesFor(session: Pick<SessionResource, "grants" | "organisation">): {
  day: readonly Place[];
  settings: readonly Place[];
} {
  const visible = ({ needs }: Place) => may(session, needs);
  const isDemo = session.organisation.slug === demoSlug;
  return {
    day: [...dayPlaces, ...(isDemo ? [demoPlace] : [])].filter(visible),
    settings: settingsPlaces.filter(visible),
  };
}
