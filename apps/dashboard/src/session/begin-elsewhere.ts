import type { QueryClient } from "@tanstack/react-query";
import { hub } from "../api/hub.ts";
import { sessionQuery } from "../api/queries.ts";

/**
 * Begins with a fresh page when another tab has chosen another organisation: everything that is shown
 * belongs to the former one. Whoever cannot be asked has chosen nothing.
 */
export async function beginElsewhere(queries: QueryClient): Promise<void> {
  const shown = queries.getQueryData(sessionQuery.queryKey)?.organisation.id;
  const session = await hub.session.get().catch(() => null);
  if (session !== null && shown !== undefined && session.organisation.id !== shown) {
    window.location.reload();
  }
}
