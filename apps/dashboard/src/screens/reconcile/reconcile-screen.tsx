import type { ConnectionResource, ReconcileRunResource } from "@slotwire/contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { connectionsQuery } from "../../api/queries.ts";
import { reconcile } from "../../messages/reconcile.ts";
import { LinkButton } from "../../parts/button.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { PageSkeleton } from "../../parts/skeleton.tsx";
import { useMay } from "../../session/use-may.ts";
import { NotFound } from "../../shell/not-found.tsx";
import { connectionKindsQuery } from "../connections/queries.ts";
import { EarlierRuns } from "./earlier-runs.tsx";
import { runQuery, runsQuery } from "./queries.ts";
import { RunReport } from "./run-report.tsx";
import { StartForm } from "./start-form.tsx";

const route = getRouteApi("/app/settings/connections/$connectionId");

/** Compares a connection's bookings with its source, and tells what was found. */
export function ReconcileScreen() {
  const { connectionId } = route.useParams();
  const query = useQuery(connectionsQuery);
  const connection = query.data?.data.find(({ id }) => id === connectionId);
  if (query.error) {
    return <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.isPending) return <PageSkeleton />;
  if (connection === undefined) return <NotFound />;
  return (
    <>
      <PageHeader
        title={reconcile.title}
        above={
          <Link to="/settings/connections" className="text-accent hover:underline">
            {reconcile.back}
          </Link>
        }
        below={reconcile.intro(connection.name)}
      />
      {connection.has_api_key ? (
        <Comparisons connection={connection} />
      ) : (
        <NoKey connection={connection} />
      )}
    </>
  );
}

function NoKey({ connection }: { connection: ConnectionResource }) {
  const kinds = useQuery(connectionKindsQuery);
  const kind = kinds.data?.data.find((one) => one.kind === connection.kind);
  const hasApi = kind?.takes_api_key !== false;
  return (
    <div className="panel">
      <EmptyState
        icon="key"
        title={reconcile.noKeyTitle}
        text={hasApi ? reconcile.noKeyText : reconcile.noApiText}
      >
        <LinkButton to="/settings/connections" weight="primary">
          {reconcile.noKeyAction}
        </LinkButton>
      </EmptyState>
    </div>
  );
}

function Comparisons({ connection }: { connection: ConnectionResource }) {
  const mayManage = useMay()("connections:manage");
  const query = useQuery(runsQuery(connection.id));
  const runs = query.data?.data;
  return (
    <div className="space-y-5">
      {mayManage && <StartForm connectionId={connection.id} runs={runs ?? []} />}
      {query.error && <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <PageSkeleton />}
      {runs?.length === 0 && (
        <div className="panel">
          <EmptyState icon="equal" title={reconcile.noRunsTitle} text={reconcile.noRunsText} />
        </div>
      )}
      {runs && runs.length > 0 && <Reports runs={runs} mayManage={mayManage} />}
    </div>
  );
}

interface ReportsProps {
  runs: readonly ReconcileRunResource[];
  mayManage: boolean;
}

function Reports({ runs, mayManage }: ReportsProps) {
  const { run: chosen } = route.useSearch();
  const listed = chosen === undefined ? runs[0] : runs.find(({ id }) => id === chosen);
  const older = useQuery({
    ...runQuery(chosen ?? ""),
    enabled: chosen !== undefined && listed === undefined,
  });
  const run = listed ?? older.data;
  return (
    <>
      {older.error && listed === undefined && <ProblemPanel error={older.error} />}
      {run && <RunReport key={run.id} run={run} mayManage={mayManage} />}
      <EarlierRuns runs={runs} shown={run?.id} />
    </>
  );
}
