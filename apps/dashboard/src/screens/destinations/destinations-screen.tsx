import { useQuery } from "@tanstack/react-query";
import type { DestinationWithSecret } from "@slotwire/contract";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { statisticsQuery } from "../../api/outbound-queries.ts";
import { destinationsQuery } from "../../api/queries.ts";
import { t } from "../../messages/messages.ts";
import { outbound } from "../../messages/outbound.ts";
import { Button } from "../../parts/button.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { useMay } from "../../session/use-may.ts";
import { AddDestination } from "./add-destination.tsx";
import { DestinationRow } from "./destination-row.tsx";
import { Figures } from "./figures.tsx";
import { SecretDialog } from "./secret-dialog.tsx";

/** The addresses that hear of changes. */
export function DestinationsScreen() {
  const query = useQuery(destinationsQuery);
  const statistics = useQuery(statisticsQuery).data;
  const mayManage = useMay()("destinations:manage");
  const [isAdding, setIsAdding] = useState(false);
  const [made, setMade] = useState<DestinationWithSecret | null>(null);
  const navigate = useNavigate();
  const rows = query.data?.data;
  return (
    <>
      <PageHeader title={t.destinations.title} below={t.destinations.intro}>
        {mayManage && (
          <Button weight="primary" icon="plus" onClick={() => setIsAdding(true)}>
            {t.destinations.add}
          </Button>
        )}
      </PageHeader>
      {query.error && <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />}
      {rows !== undefined && rows.length > 0 && statistics && (
        <section aria-label={outbound.figures.title} className="panel mb-4 px-4 py-3 sm:px-5">
          <p className="eyebrow mb-2">{outbound.figures.title}</p>
          <Figures figures={statistics.whole} />
        </section>
      )}
      <div className="panel overflow-hidden">
        {query.isPending && <ListSkeleton lines={3} />}
        {rows?.length === 0 && (
          <EmptyState
            icon="target"
            title={t.destinations.emptyTitle}
            text={t.destinations.emptyText}
          />
        )}
        <ul className="divide-y divide-line">
          {rows?.map((destination) => (
            <DestinationRow
              key={destination.id}
              destination={destination}
              figures={statistics?.destinations.find(({ id }) => id === destination.id)}
            />
          ))}
        </ul>
      </div>
      {isAdding && (
        <AddDestination
          onClose={() => setIsAdding(false)}
          onAdded={(destination) => {
            setIsAdding(false);
            setMade(destination);
          }}
        />
      )}
      {made && (
        <SecretDialog
          destination={made}
          // What the form did not ask for, like a filter, is set on its page.
          onClose={() =>
            void navigate({
              to: "/destinations/$destinationId",
              params: { destinationId: made.id },
            })
          }
        />
      )}
    </>
  );
}
