import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";
import { nextPage } from "../../api/queries.ts";

/** The organisation's keys, or one's own. */
export const keysQuery = infiniteQueryOptions({
  queryKey: ["api-keys"],
  queryFn: ({ pageParam }) => hub.apiKeys.list({ limit: 100, ...pageParam }),
  initialPageParam: {},
  getNextPageParam: nextPage,
});

/** What ends with a key: the keys that it made, near or far. More than 200 are not named. */
export const keysMadeByQuery = (keyId: string) =>
  queryOptions({
    queryKey: [...keysQuery.queryKey, "made-by", keyId],
    queryFn: async () => (await hub.apiKeys.list({ made_by_key: keyId, limit: 200 })).data,
  });
