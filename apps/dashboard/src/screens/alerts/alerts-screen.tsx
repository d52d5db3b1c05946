import type { AlertResource } from "@slotwire/contract";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { openAlertsQuery, pastAlertsQuery } from "../../api/alerts.ts";
import { operate } from "../../messages/operate.ts";
import { EmptyState } from "../../parts/empty-state.tsx";
import { MoreButton } from "../../parts/more-button.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { Pills } from "../../parts/pills.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { AlertRow } from "./alert-row.tsx";

const route = getRouteApi("/app/alerts");
const words = operate.alerts;

/** What people should see to, and what is over. */
export function AlertsScreen() {
  const { show } = route.useSearch();
  const navigate = useNavigate();
  return (
    <>
      <PageHeader title={words.title} below={words.intro} />
      <div className="mb-3">
        <Pills
          label={words.show}
          values={[undefined, "over"] as const}
          nameOf={(one) => (one === undefined ? words.open : words.over)}
          value={show}
          onChange={(one) => void navigate({ to: ".", search: { show: one } })}
        />
      </div>
      {show === undefined ? <OpenAlerts /> : <PastAlerts />}
    </>
  );
}

function OpenAlerts() {
  const query = useQuery(openAlertsQuery);
  if (query.error) {
    return <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.isPending) return <ListSkeleton />;
  if (query.data.data.length === 0) {
    return (
      <div className="panel">
        <EmptyState icon="check" title={words.emptyTitle} text={words.emptyText} />
      </div>
    );
  }
  return <Alerts alerts={query.data.data} />;
}

function PastAlerts() {
  const query = useInfiniteQuery(pastAlertsQuery);
  const alerts = query.data?.pages.flatMap((page) => page.data);
  if (query.error) {
    return <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (alerts === undefined) return <ListSkeleton />;
  if (alerts.length === 0) {
    return (
      <div className="panel">
        <EmptyState icon="bell" title={words.emptyOverTitle} text={words.emptyOverText} />
      </div>
    );
  }
  return (
    <>
      <Alerts alerts={alerts} />
      <MoreButton query={query} />
    </>
  );
}

function Alerts({ alerts }: { alerts: readonly AlertResource[] }) {
  return (
    <ul className="panel divide-y divide-line">
      {alerts.map((alert) => (
        <AlertRow key={alert.id} alert={alert} />
      ))}
    </ul>
  );
}
