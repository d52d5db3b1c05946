import { Link } from "@tanstack/react-router";
import { t } from "../messages/messages.ts";
import { Icon, type IconName } from "../parts/icon.tsx";
import { useSession } from "../session/use-session.ts";
import { type Place, placesFor } from "./places.ts";
import { UnlinkedCount } from "./unlinked-count.tsx";

/** The list of screens beside the page, on wide windows. */
export function SideNavigation() {
  const { day, settings } = placesFor(useSession());
  return (
    <>
      <SideList places={day} />
      {settings.length > 0 && (
        <>
          <p className="eyebrow mt-6 mb-1.5 px-2.5" id="settings-places">
            {t.nav.settings}
          </p>
          <SideList places={settings} labelledBy="settings-places" />
        </>
      )}
    </>
  );
}

function SideList({ places, labelledBy }: { places: readonly Place[]; labelledBy?: string }) {
  return (
    <ul className="space-y-0.5" aria-labelledby={labelledBy}>
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
            {place.to === "/unlinked" && <UnlinkedCount className="ml-auto" />}
          </Link>
        </li>
      ))}
    </ul>
  );
}

const columns = ["", "grid-cols-1", "grid-cols-2", "grid-cols-3", "grid-cols-4", "grid-cols-5"];

/** How many screens have room beside the one that leads to the rest. */
export const bottomPlaces = 4;

/** The list of screens under the page, on narrow windows: the day's, and one that leads to the rest. */
export function BottomNavigation() {
  const day = placesFor(useSession()).day.slice(0, bottomPlaces);
  return (
    <ul className={`grid ${columns[day.length + 1]}`}>
      {day.map((place) => (
        <BottomPlace key={place.to} {...place} />
      ))}
      <BottomPlace to="/more" label={t.nav.more} icon="more" />
    </ul>
  );
}

interface BottomPlaceProps {
  readonly to: Place["to"] | "/more";
  readonly label: string;
  readonly icon: IconName;
}

function BottomPlace({ to, label, icon }: BottomPlaceProps) {
  return (
    <li>
      <Link
        to={to}
        activeOptions={{ exact: to === "/", includeSearch: false }}
        className="flex h-14 flex-col items-center justify-center gap-1 text-[0.6875rem] font-medium"
        activeProps={{ className: "text-accent-strong" }}
        inactiveProps={{ className: "text-muted" }}
      >
        <span className="relative">
          <Icon name={icon} className="size-5" />
          {to === "/unlinked" && <UnlinkedCount className="absolute -top-2 left-3" />}
        </span>
        {label}
      </Link>
    </li>
  );
}
