import type { QueryClient } from "@tanstack/react-query";
import { hub } from "../api/hub.ts";
import { isSignedOut } from "../api/problem-of.ts";
import { sessionQuery } from "../api/queries.ts";

/**
 * Begins with a fresh page when another tab has signed out, signed in as somebody else or chosen another
 * organisation: everything that is shown belongs to the former one. Without a session the fresh page is
 * the one where one signs in, and leads back here. Whoever cannot be asked has chosen nothing.
 */
export async function beginElsewhere(queries: QueryClient): Promise<void> {
  const shown = queries.getQueryData(sessionQuery.queryKey);
  if (shown === undefined) return;
  const isSame = await hub.session.get().then(
    ({ user, organisation }) =>
      user.id === shown.user.id && organisation.id === shown.organisation.id,
    (error: unknown) => !isSignedOut(error),
  );
  if (!isSame) window.location.reload();
}
