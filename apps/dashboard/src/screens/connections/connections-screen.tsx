import type { CreatedConnection } from "@slotwire/contract";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { connectionsQuery } from "../../api/queries.ts";
import { access } from "../../messages/access.ts";
import { Button } from "../../parts/button.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { PageSkeleton } from "../../parts/skeleton.tsx";
import { useMay } from "../../session/use-may.ts";
import { CalcomSteps } from "./calcom-steps.tsx";
import { ConnectDialog } from "./connect-dialog.tsx";
import { ConnectedDialog } from "./connected-dialog.tsx";
import { ConnectionPanel } from "./connection-panel.tsx";

/** Where bookings come from, and how to connect another source. */
export function ConnectionsScreen() {
  const query = useQuery(connectionsQuery);
  const mayManage = useMay()("connections:manage");
  const [isConnecting, setIsConnecting] = useState(false);
  const [made, setMade] = useState<CreatedConnection | null>(null);
  const rows = query.data?.data;
  const hasCalcom = rows?.some(({ kind }) => kind === "calcom") ?? false;
  return (
    <>
      <PageHeader title={access.connections.title} below={access.connections.intro}>
        {mayManage && (
          <Button weight="primary" icon="plus" onClick={() => setIsConnecting(true)}>
            {access.connections.add}
          </Button>
        )}
      </PageHeader>
      {query.error && <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <PageSkeleton />}
      {rows?.length === 0 && (
        <div className="panel">
          <EmptyState
            icon="plug"
            title={access.connections.emptyTitle}
            text={access.connections.emptyText}
          />
        </div>
      )}
      {rows && rows.length > 0 && (
        <div
          className={
            hasCalcom ? "grid gap-6 xl:grid-cols-[minmax(0,1fr)_22rem] xl:items-start" : ""
          }
        >
          <div className="min-w-0 space-y-4">
            {rows.map((connection) => (
              <ConnectionPanel key={connection.id} connection={connection} mayManage={mayManage} />
            ))}
          </div>
          {hasCalcom && <CalcomSteps />}
        </div>
      )}
      {isConnecting && (
        <ConnectDialog
          onClose={() => setIsConnecting(false)}
          onConnected={(connection) => {
            setIsConnecting(false);
            setMade(connection);
          }}
        />
      )}
      {made && <ConnectedDialog made={made} onClose={() => setMade(null)} />}
    </>
  );
}
