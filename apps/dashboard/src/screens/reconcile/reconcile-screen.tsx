import type { ConnectionKind, ConnectionResource, ReconcileRunResource } from "@slotwire/contract";
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
import { comparability, type Comparability } from "../connections/connection-state.ts";
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
  const kinds = useQuery(connectionKindsQuery);
  const connection = query.data?.data.find(({ id }) => id === connectionId);
  const error = query.error ?? kinds.error;
  if (error) return <ProblemPanel error={error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined || kinds.data === undefined) return <PageSkeleton />;
  const kind = kinds.data.data.find((one) => one.kind === connection?.kind);
  if (connection === undefined || kind === undefined) return <NotFound />;
  const why = comparability(connection, kind);
  return (
    <>
      <PageHeader
        title={reconcile.title}
        above={
          <Link to="/settings/connections" className="text-accent hover:underline">
            {reconcile.back}
          </Link>
        }
        below={introTo(connection, kind, why)}
      />
      {why === "yes" ? (
        <Comparisons connection={connection} />
      ) : (
        <Impossible kind={kind} why={why} />
      )}
    </>
  );
}

/** What a comparison does with this source, and when. */
function introTo(connection: ConnectionResource, kind: ConnectionKind, why: Comparability): string {
  if (why === "no_api") return connection.name;
  const intro = kind.lists_bookings ? reconcile.intro : reconcile.introKnown;
  const isHourly = connection.has_api_key || why === "no_key";
  return [intro(connection.name), ...(isHourly ? [reconcile.hourly] : [])].join(" ");
}

function Impossible({ kind, why }: { kind: ConnectionKind; why: "no_key" | "no_api" }) {
  const isKey = why === "no_key";
  const keyText = kind.secret_is_api_key ? reconcile.noSecretText : reconcile.noKeyText;
  return (
    <div className="panel">
      <EmptyState
        icon={isKey ? "key" : "barred"}
        title={isKey ? reconcile.noKeyTitle : reconcile.noApiTitle}
        text={isKey ? keyText : reconcile.noApiText}
      >
        <LinkButton to="/settings/connections" weight={isKey ? "primary" : "plain"}>
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
          <EmptyState
            icon="equal"
            title={reconcile.noRunsTitle}
            text={connection.has_api_key ? reconcile.noRunsText : reconcile.noRunsByHandText}
          />
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
