import { infiniteQueryOptions } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";
import { nextPage } from "../../api/queries.ts";

/** The organisation's calendar feeds, or one's own. */
export const feedsQuery = infiniteQueryOptions({
  queryKey: ["feeds"],
  queryFn: ({ pageParam }) => hub.feeds.list({ limit: 100, ...pageParam }),
  initialPageParam: {},
  getNextPageParam: nextPage,
});
