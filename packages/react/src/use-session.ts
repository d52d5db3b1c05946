"use client";

import type { SlotwireClient } from "@slotwire/client";
import { useEffect, useState } from "react";
import { readSession, type Session } from "./read-session.ts";

/**
 * Who is signed in; null for nobody of whom the hub tells, and undefined until it is known.
 * @param isNeeded false asks nobody
 */
export function useSession(client: SlotwireClient, isNeeded: boolean): Session | null | undefined {
  const [session, setSession] = useState<Session | null>();
  useEffect(() => {
    if (!isNeeded) return;
    let isCurrent = true;
    void readSession(client)
      .catch(() => null)
      .then((found) => isCurrent && setSession(found));
    return () => {
      isCurrent = false;
    };
  }, [client, isNeeded]);
  return session;
}
