"use client";

import type { SlotwireClient } from "@slotwire/client";
import { useContext } from "react";
import { SettingsContext } from "../settings-context.ts";
import { useReadOnce } from "../use-read-once.ts";

/**
 * The IANA zone of all times of a page: the one that is given, the provider's, or the organisation's. Null
 * where the hub does not tell it, and undefined until it is known.
 */
export function useZone(client: SlotwireClient, given?: string): string | null | undefined {
  const provided = useContext(SettingsContext).timeZone;
  const named = given ?? provided;
  const organisation = useReadOnce(client, client.organisation, named === undefined);
  return named ?? (organisation && organisation.time_zone);
}

/** The browser's own. */
export const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;
