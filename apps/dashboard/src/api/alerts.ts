import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { hub } from "./hub.ts";
import { nextPage } from "./queries.ts";

/** How often alerts are read again, in milliseconds: no event of a booking tells of them. */
const refreshEvery = 10_000;

/** The alerts that are open: as many as a page shows. */
export const openAlertsQuery = queryOptions({
  queryKey: ["alerts", "open"],
  queryFn: () => hub.alerts.list({ open: true, limit: 100 }),
  refetchInterval: refreshEvery,
});

/** Those that are over. */
export const pastAlertsQuery = infiniteQueryOptions({
  queryKey: ["alerts", "over"],
  queryFn: ({ pageParam }) => hub.alerts.list({ open: false, limit: 50, ...pageParam }),
  initialPageParam: {},
  getNextPageParam: nextPage,
  placeholderData: keepPreviousData,
});
