import { useQuery } from "@tanstack/react-query";
import { connectionsQuery } from "../../api/queries.ts";
import { t } from "../../messages/messages.ts";
import { EmptyState } from "../../parts/empty-state.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { PageSkeleton } from "../../parts/skeleton.tsx";
import { CalcomSteps } from "./calcom-steps.tsx";
import { ConnectionPanel } from "./connection-panel.tsx";

/** Where bookings come from, and how to connect another source. */
export function ConnectScreen() {
  const query = useQuery(connectionsQuery);
  const rows = query.data?.data;
  return (
    <>
      <PageHeader title={t.connect.title} below={t.connect.intro} />
      {query.error && <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <PageSkeleton />}
      {rows?.length === 0 && (
        <div className="panel">
          <EmptyState icon="plug" title={t.connect.emptyTitle} text={t.connect.emptyText} />
        </div>
      )}
      {rows && rows.length > 0 && (
        <div className="grid gap-6 xl:grid-cols-[minmax(0,1fr)_24rem] xl:items-start">
          <div className="min-w-0 space-y-4">
            {rows.map((connection) => (
              <ConnectionPanel key={connection.id} connection={connection} />
            ))}
          </div>
          <CalcomSteps />
        </div>
      )}
    </>
  );
}
