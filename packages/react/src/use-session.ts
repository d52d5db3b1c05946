"use client";

import type { ApiError, SlotwireClient } from "@slotwire/client";
import { useEffect, useState } from "react";
import { readSession, type Session } from "./read-session.ts";
import { isSignedOut } from "./signed-out.ts";
import { useLiveState } from "./use-live-state.ts";

/** A hub that could not answer is asked again after so many milliseconds. */
const LATER = 5_000;

/**
 * Who is signed in; null for nobody of whom the hub tells, and undefined until it is known. Asked again
 * when a session begins, and where nobody answered.
 * @param isNeeded false asks nobody
 */
export function useSession(client: SlotwireClient, isNeeded: boolean): Session | null | undefined {
  const [session, setSession] = useState<Session | null>();
  const [failures, setFailures] = useState(0);
  const isOver = useLiveState(client, () => isSignedOut(client));
  useEffect(() => {
    if (!isNeeded || isOver) return;
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    readSession(client).then(
      (found) => isCurrent && setSession(found),
      ({ status = 0 }: Partial<ApiError>) => {
        if (!isCurrent) return;
        setSession(null);
        const isAnswer = status > 0 && status < 429;
        if (!isAnswer) timer = setTimeout(() => setFailures(failures + 1), LATER);
      },
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [client, isNeeded, isOver, failures]);
  return session;
}
