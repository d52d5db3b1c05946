"use client";

import type { SlotwireClient } from "@slotwire/client";
import { useEffect, useState } from "react";
import { readSession } from "../read-session.ts";

/**
 * The id of who is signed in; null for who is no member, and undefined until it is known.
 * @param isNeeded false asks nobody
 */
export function useOwnId(client: SlotwireClient, isNeeded: boolean): string | null | undefined {
  const [id, setId] = useState<string | null>();
  useEffect(() => {
    if (!isNeeded) return;
    let isCurrent = true;
    void readSession(client)
      .then(
        ({ user }) => user.id,
        () => null,
      )
      .then((found) => isCurrent && setId(found));
    return () => {
      isCurrent = false;
    };
  }, [client, isNeeded]);
  return id;
}
