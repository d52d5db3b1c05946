import type { ReconcileRunResource } from "@slotwire/contract";
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";
import { nextPage } from "../../api/queries.ts";

/** How often a run under way is read again, in milliseconds; and one that is over. */
const soon = 1_000;
const later = 10_000;

/** Whether a run is not over yet. */
export function isActive(run: Pick<ReconcileRunResource, "status">): boolean {
  return run.status === "queued" || run.status === "running";
}

/** The latest runs of a connection. */
export const runsQuery = (connectionId: string) =>
  queryOptions({
    queryKey: ["reconcile", "runs", connectionId],
    queryFn: () => hub.reconcile.list({ connection_id: connectionId, limit: 20 }),
    refetchInterval: ({ state }) => (state.data?.data.some(isActive) === true ? soon : later),
  });

/** A run that is not among the latest ones. */
export const runQuery = (id: string) =>
  queryOptions({ queryKey: ["reconcile", "run", id], queryFn: () => hub.reconcile.get(id) });

/** @param run as it is known: what it found grows with what it compared */
export const findingsQuery = (run: ReconcileRunResource) =>
  infiniteQueryOptions({
    queryKey: ["reconcile", "findings", run.id, run.status, run.checked],
    queryFn: ({ pageParam }) => hub.reconcile.findings(run.id, { limit: 50, ...pageParam }),
    initialPageParam: {},
    getNextPageParam: nextPage,
    placeholderData: keepPreviousData,
  });
