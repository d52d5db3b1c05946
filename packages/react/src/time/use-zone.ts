"use client";

import type { SlotwireClient } from "@slotwire/client";
import { useContext } from "react";
import { SettingsContext } from "../settings-context.ts";
import { useSession } from "../use-session.ts";

/**
 * The IANA zone in which the organisation's days are meant: the one that is given, the provider's, or
 * that of who is signed in at the hub; the browser's own for whoever is not. Null until it is known.
 */
export function useZone(client: SlotwireClient, given?: string): string | null {
  const provided = useContext(SettingsContext).timeZone;
  const known = given ?? provided;
  const session = useSession(client, known === undefined);
  if (known !== undefined) return known;
  if (session === undefined) return null;
  return session?.organisation.time_zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
