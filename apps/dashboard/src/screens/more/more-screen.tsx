import { Link } from "@tanstack/react-router";
import { t } from "../../messages/messages.ts";
import { Avatar } from "../../parts/avatar.tsx";
import { Icon } from "../../parts/icon.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { useSession } from "../../session/use-session.ts";
import { SignOutButton } from "../../shell/account.tsx";
import { bottomPlaces } from "../../shell/navigation.tsx";
import { type Place, placesFor } from "../../shell/places.ts";

const row = "flex min-h-14 items-center gap-3 px-4 py-2.5 hover:bg-raised";

/** What the bar at the bottom of a phone has no room for. */
export function MoreScreen() {
  const session = useSession();
  const { day, settings } = placesFor(session);
  const rest = day.slice(bottomPlaces);
  return (
    <div className="mx-auto max-w-xl">
      <PageHeader title={t.nav.more} />
      <div className="space-y-6">
        <Link to="/account" className={`panel ${row}`}>
          <Avatar name={session.user.name} />
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium">{session.user.name}</span>
            <span className="block truncate text-sm text-muted">
              {t.nav.account} · {t.roles[session.role]}
            </span>
          </span>
          <Icon name="next" className="size-4 text-muted" />
        </Link>
        {rest.length > 0 && <Places places={rest} />}
        {settings.length > 0 && (
          <section aria-labelledby="more-settings">
            <h2 id="more-settings" className="mb-2 px-1 text-sm font-semibold">
              {t.nav.settings}
            </h2>
            <Places places={settings} />
          </section>
        )}
        <SignOutButton />
      </div>
    </div>
  );
}

function Places({ places }: { places: readonly Place[] }) {
  return (
    <ul className="panel divide-y divide-line overflow-hidden">
      {places.map((place) => (
        <li key={place.to}>
          <Link to={place.to} className={row}>
            <Icon name={place.icon} className="size-5 text-accent" />
            <span className="flex-1 font-medium">{place.label}</span>
            <Icon name="next" className="size-4 text-muted" />
          </Link>
        </li>
      ))}
    </ul>
  );
}
