import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { openAlertsQuery } from "../api/alerts.ts";
import { t } from "../messages/messages.ts";
import { Icon } from "../parts/icon.tsx";
import { useMay } from "../session/use-may.ts";

/** Leads to the alerts, and says how many are open. */
export function AlertBell() {
  return useMay()("alerts:read") ? <Bell /> : null;
}

function Bell() {
  const { data } = useQuery(openAlertsQuery);
  const count = data?.data.length ?? 0;
  const label = count === 0 ? t.nav.alerts : t.nav.alertCount(count);
  return (
    <Link
      to="/alerts"
      aria-label={label}
      title={label}
      className="relative inline-flex size-9 items-center justify-center rounded-lg text-muted hover:bg-sunken hover:text-ink"
      activeProps={{ className: "bg-accent-soft text-accent-strong" }}
    >
      <Icon name="bell" className="size-5" />
      {count > 0 && (
        <span
          aria-hidden="true"
          className="absolute top-0 right-0 min-w-4.5 rounded-full bg-bad-soft px-1 text-center text-[0.6875rem] leading-4.5 font-semibold text-bad"
        >
          {count}
        </span>
      )}
    </Link>
  );
}
