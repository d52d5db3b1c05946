import type { SessionResource } from "@slotwire/contract";
import { useSession } from "./use-session.ts";

/** Whether the session's role may do something at all, be it to its own things only. */
export function may({ grants }: Pick<SessionResource, "grants">, action: string): boolean {
  return grants[action] !== undefined;
}

/** The same, of whoever is signed in. */
export function useMay(): (action: string) => boolean {
  const session = useSession();
  return (action) => may(session, action);
}
