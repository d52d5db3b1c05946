import type { DeliveryCountsQuery } from "@slotwire/contract";
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { hub } from "./hub.ts";
import { nextPage } from "./queries.ts";

/** How often figures are read again, in milliseconds. */
const refreshEvery = 10_000;
/** The same, while something is being sent anew. */
const refreshSoon = 700;

/** How many deliveries have which status. */
export const deliveryCountsQuery = (filter: DeliveryCountsQuery) =>
  queryOptions({
    queryKey: ["deliveries", "counts", filter],
    queryFn: () => hub.deliveries.counts(filter),
    refetchInterval: refreshEvery,
    placeholderData: keepPreviousData,
  });

/** How destinations fared in the last 24 hours: too much to read again with every event. */
export const statisticsQuery = queryOptions({
  queryKey: ["statistics"],
  queryFn: () => hub.destinations.statistics(),
  refetchInterval: refreshEvery,
});

export const destinationQuery = (id: string) =>
  queryOptions({ queryKey: ["destinations", "one", id], queryFn: () => hub.destinations.get(id) });

/** What was sent anew, the newest first. */
export const replaysQuery = infiniteQueryOptions({
  queryKey: ["replays"],
  queryFn: ({ pageParam }) => hub.deliveries.replays({ limit: 20, ...pageParam }),
  initialPageParam: {},
  getNextPageParam: nextPage,
  refetchInterval: ({ state }) => {
    const first = state.data?.pages[0]?.data ?? [];
    return first.some(({ status }) => status === "running") ? refreshSoon : refreshEvery;
  },
});

/** Those of one event at one destination: the first delivery of it, and whatever was sent anew. */
export const sameEventQuery = (bookingId: string | null, destinationId: string) =>
  queryOptions({
    queryKey: ["deliveries", "same", bookingId, destinationId],
    queryFn: () =>
      hub.deliveries.list({
        limit: 100,
        destination_id: destinationId,
        ...(bookingId === null ? {} : { booking_id: bookingId }),
      }),
    enabled: bookingId !== null,
  });
