import type { SessionResource } from "@slotwire/contract";
import type { QueryClient } from "@tanstack/react-query";
import { hub } from "../api/hub.ts";
import { isSignedOut } from "../api/problem-of.ts";
import { sessionQuery } from "../api/queries.ts";

/**
 * Begins with a fresh page when another tab has signed out, signed in as somebody else or chosen another
 * organisation, or when one may do more or less by now: what is shown is no longer theirs to see. Without
 * a session the fresh page is the one where one signs in, and leads back here. Whoever cannot be asked has
 * chosen nothing.
 */
export async function beginElsewhere(queries: QueryClient): Promise<void> {
  const shown = queries.getQueryData(sessionQuery.queryKey);
  if (shown === undefined) return;
  const isSame = await hub.session.get().then(
    (now) => rightsOf(now) === rightsOf(shown),
    (error: unknown) => !isSignedOut(error),
  );
  if (!isSame) window.location.reload();
}

/** Who one is, where, and what one may do there. */
const rightsOf = ({ user, organisation, role, grants }: SessionResource): string =>
  JSON.stringify([user.id, organisation.id, role, grants]);
