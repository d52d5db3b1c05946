import { infiniteQueryOptions } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";
import { nextPage } from "../../api/queries.ts";

/** The organisation's keys, or one's own. */
export const keysQuery = infiniteQueryOptions({
  queryKey: ["api-keys"],
  queryFn: ({ pageParam }) => hub.apiKeys.list({ limit: 100, ...pageParam }),
  initialPageParam: {},
  getNextPageParam: nextPage,
});
