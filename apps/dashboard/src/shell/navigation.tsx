import { Link } from "@tanstack/react-router";
import { t } from "../messages/messages.ts";
import { Icon, type IconName } from "../parts/icon.tsx";

interface Place {
  readonly to: "/" | "/inbox" | "/deliveries" | "/destinations" | "/connect";
  readonly label: string;
  readonly icon: IconName;
}

const places: readonly Place[] = [
  { to: "/", label: t.nav.today, icon: "today" },
  { to: "/inbox", label: t.nav.inbox, icon: "inbox" },
  { to: "/deliveries", label: t.nav.deliveries, icon: "send" },
  { to: "/destinations", label: t.nav.destinations, icon: "target" },
  { to: "/connect", label: t.nav.connect, icon: "plug" },
];

/** The list of screens beside the page, on wide windows. */
export function SideNavigation() {
  return (
    <ul className="space-y-0.5">
      {places.map((place) => (
        <li key={place.to}>
          <Link
            to={place.to}
            activeOptions={{ exact: place.to === "/", includeSearch: false }}
            className="flex min-h-9 items-center gap-2.5 rounded-lg px-2.5 text-sm font-medium"
            activeProps={{ className: "bg-accent-soft text-accent-strong" }}
            inactiveProps={{ className: "text-muted hover:bg-sunken hover:text-ink" }}
          >
            <Icon name={place.icon} />
            {place.label}
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** The list of screens under the page, on narrow windows. */
export function BottomNavigation() {
  return (
    <ul className="grid grid-cols-5">
      {places.map((place) => (
        <li key={place.to}>
          <Link
            to={place.to}
            activeOptions={{ exact: place.to === "/", includeSearch: false }}
            className="flex h-14 flex-col items-center justify-center gap-1 text-[0.6875rem] font-medium"
            activeProps={{ className: "text-accent-strong" }}
            inactiveProps={{ className: "text-muted" }}
          >
            <Icon name={place.icon} className="size-5" />
            {place.label}
          </Link>
        </li>
      ))}
    </ul>
  );
}
