import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { deliveryCountsQuery } from "../../api/outbound-queries.ts";
import { deliveriesQuery } from "../../api/queries.ts";
import { t } from "../../messages/messages.ts";
import { outbound } from "../../messages/outbound.ts";
import { Button, LinkButton } from "../../parts/button.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { MoreButton } from "../../parts/more-button.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { SplitView } from "../../parts/split-view.tsx";
import { useMay } from "../../session/use-may.ts";
import { useZone } from "../../session/use-session.ts";
import { choiceOf, countedOf, isFiltered } from "./delivery-filter.ts";
import { DeliveryFilters } from "./delivery-filters.tsx";
import { DeliveryRow } from "./delivery-row.tsx";
import { PastReplays } from "./past-replays.tsx";
import { ReplayDialog } from "./replay-dialog.tsx";
import { refusedFilters, SenselessFilter } from "./senseless-filter.tsx";

const route = getRouteApi("/app/deliveries");

/** What goes out, newest first. */
export function DeliveriesScreen() {
  const search = route.useSearch();
  const choice = choiceOf(search, useZone());
  const { deliveryId } = useParams({ strict: false });
  const mayReplay = useMay()("deliveries:manage") && search.replay === undefined;
  const [isAgain, setIsAgain] = useState(false);
  const query = useInfiniteQuery(deliveriesQuery(choice));
  const counts = useQuery(deliveryCountsQuery(countedOf(choice)));
  const rows = query.data?.pages.flatMap((page) => page.data);
  const refused = query.error === null ? null : refusedFilters(query.error);
  return (
    <>
      <PageHeader title={t.deliveries.title} below={t.deliveries.intro}>
        {mayReplay && (rows?.length ?? 0) > 0 && (
          <Button icon="retry" onClick={() => setIsAgain(true)}>
            {outbound.replay.action}
          </Button>
        )}
      </PageHeader>
      <SplitView isOpen={deliveryId !== undefined}>
        <DeliveryFilters search={search} counts={counts.data} />
        {refused !== null && <SenselessFilter filters={refused} />}
        {query.error && refused === null && (
          <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />
        )}
        <div className={`panel @container overflow-hidden ${refused === null ? "" : "hidden"}`}>
          {query.isPending && <ListSkeleton />}
          {rows?.length === 0 && <NoDeliveries isFiltered={isFiltered(search)} />}
          <ul className="divide-y divide-line">
            {rows?.map((delivery) => (
              <DeliveryRow
                key={delivery.id}
                delivery={delivery}
                isOpen={delivery.id === deliveryId}
                search={search}
              />
            ))}
          </ul>
          <MoreButton query={query} />
        </div>
        <PastReplays />
      </SplitView>
      {isAgain && <ReplayDialog choice={choice} onClose={() => setIsAgain(false)} />}
    </>
  );
}

function NoDeliveries({ isFiltered: isNarrowed }: { isFiltered: boolean }) {
  const may = useMay()("destinations:read");
  if (isNarrowed) {
    return (
      <EmptyState
        icon="send"
        title={t.deliveries.emptyFilteredTitle}
        text={t.deliveries.emptyFilteredText}
      />
    );
  }
  return (
    <EmptyState icon="send" title={t.deliveries.emptyTitle} text={t.deliveries.emptyText}>
      {may && (
        <LinkButton to="/destinations" weight="primary" icon="plus">
          {t.deliveries.emptyAction}
        </LinkButton>
      )}
    </EmptyState>
  );
}
