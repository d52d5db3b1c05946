"use client";

import type { SlotwireClient } from "@slotwire/client";
import { useContext, useEffect, useState } from "react";
import { readSession } from "../read-session.ts";
import { SettingsContext } from "../settings-context.ts";

/**
 * The IANA zone in which the organisation's days are meant: the one that is given, the provider's, or
 * that of who is signed in at the hub; the browser's own for whoever is not. Null until it is known.
 */
export function useZone(client: SlotwireClient, given?: string): string | null {
  const provided = useContext(SettingsContext).timeZone;
  const [asked, setAsked] = useState<string | null>(null);
  const known = given ?? provided;
  useEffect(() => {
    if (known !== undefined) return;
    let isCurrent = true;
    const own = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;
    void readSession(client)
      .then(({ organisation }) => organisation.time_zone, own)
      .then((zone) => isCurrent && setAsked(zone));
    return () => {
      isCurrent = false;
    };
  }, [client, known]);
  return known ?? asked;
}
