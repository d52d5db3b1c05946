import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";
import { nextPage } from "../../api/queries.ts";

export type AuditFilter = Omit<NonNullable<Parameters<typeof hub.audit.list>[0]>, "limit">;

/** Lines of the audit log, the newest first. */
export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ["audit", filter],
    queryFn: ({ pageParam }) => hub.audit.list({ limit: 50, ...filter, ...pageParam }),
    initialPageParam: {},
    getNextPageParam: nextPage,
    placeholderData: keepPreviousData,
  });

/** Who ever did something, also those who have left since. */
export const auditActorsQuery = queryOptions({
  queryKey: ["audit", "actors"],
  queryFn: async () => (await hub.audit.actors()).data,
});
