import type { InvalidateQueryFilters, QueryClient } from "@tanstack/react-query";

/**
 * Has what is shown read again, because it changed. A first reading that is under way may have been
 * answered before the change, and invalidating alone would take its answer for the new one: that is
 * read once more when it has come.
 */
export function readAgain(queries: QueryClient, filters: InvalidateQueryFilters): void {
  for (const query of queries.getQueryCache().findAll(filters)) {
    const { data, fetchStatus } = query.state;
    if (data !== undefined || fetchStatus === "idle") continue;
    const { queryKey } = query;
    const anew = () => void queries.invalidateQueries({ queryKey, exact: true });
    void query.promise?.then(anew, anew);
  }
  void queries.invalidateQueries(filters);
}
