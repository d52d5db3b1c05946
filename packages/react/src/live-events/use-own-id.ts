"use client";

import type { SlotwireClient } from "@slotwire/client";
import { useEffect, useState } from "react";

/** The id of who is signed in; null for who is no member, and undefined until it is known. */
export function useOwnId(client: SlotwireClient): string | null | undefined {
  const [id, setId] = useState<string | null>();
  useEffect(() => {
    let isCurrent = true;
    void client.session
      .get()
      .then(
        ({ user }) => user.id,
        () => null,
      )
      .then((found) => isCurrent && setId(found));
    return () => {
      isCurrent = false;
    };
  }, [client]);
  return id;
}
