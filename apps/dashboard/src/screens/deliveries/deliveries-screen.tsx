import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate, useParams } from "@tanstack/react-router";
import { deliveriesQuery, destinationsQuery } from "../../api/queries.ts";
import type { DeliveriesSearch } from "../../api/search.ts";
import { deliveryStatuses } from "../../api/statuses.ts";
import { t } from "../../messages/messages.ts";
import { LinkButton } from "../../parts/button.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { FilterTabs } from "../../parts/filter-tabs.tsx";
import { MoreButton } from "../../parts/more-button.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { SplitView } from "../../parts/split-view.tsx";
import { DeliveryRow } from "./delivery-row.tsx";

const route = getRouteApi("/app/deliveries");

/** What goes out, newest first. */
export function DeliveriesScreen() {
  const search = route.useSearch();
  const { status, destination } = search;
  const { deliveryId } = useParams({ strict: false });
  const query = useInfiniteQuery(deliveriesQuery({ status, destination_id: destination }));
  const rows = query.data?.pages.flatMap((page) => page.data);
  return (
    <>
      <PageHeader title={t.deliveries.title} below={t.deliveries.intro} />
      <SplitView isOpen={deliveryId !== undefined}>
        <Filters />
        {query.error && <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />}
        <div className="panel @container overflow-hidden">
          {query.isPending && <ListSkeleton />}
          {rows?.length === 0 && (
            <NoDeliveries isFiltered={status !== undefined || destination !== undefined} />
          )}
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
      </SplitView>
    </>
  );
}

function Filters() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const destinations = useQuery(destinationsQuery);
  const narrow = (change: Partial<Record<keyof DeliveriesSearch, string | undefined>>) =>
    void navigate({ to: ".", search: withoutEmpty({ ...search, ...change }) });
  return (
    <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
      <FilterTabs
        label={t.deliveries.filterStatus}
        values={deliveryStatuses}
        words={t.deliveries.status}
        value={search.status}
        onChange={(status) => narrow({ status })}
      />
      <select
        aria-label={t.deliveries.filterDestination}
        className="field min-h-9 w-auto max-w-full text-sm"
        value={search.destination ?? ""}
        onChange={(event) => narrow({ destination: event.target.value })}
      >
        <option value="">{t.deliveries.allDestinations}</option>
        {destinations.data?.data.map((destination) => (
          <option key={destination.id} value={destination.id}>
            {destination.name}
          </option>
        ))}
      </select>
    </div>
  );
}

function withoutEmpty(search: Readonly<Record<string, string | undefined>>): DeliveriesSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => Boolean(value)));
}

function NoDeliveries({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) {
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
      <LinkButton to="/destinations" weight="primary" icon="plus">
        {t.deliveries.emptyAction}
      </LinkButton>
    </EmptyState>
  );
}
