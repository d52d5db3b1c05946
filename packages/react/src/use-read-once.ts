"use client";

import type { ApiError, SlotwireClient } from "@slotwire/client";
import { useEffect, useState } from "react";
import { readOnce, type Told } from "./read-once.ts";
import { isSignedOut } from "./signed-out.ts";
import { useLiveState } from "./use-live-state.ts";

/** A hub that could not answer is asked again after so many milliseconds. */
const LATER = 5_000;

/**
 * Who is signed in, or the organisation; null where the hub does not tell, and undefined until it is known.
 * Asked again when a session begins, and where nobody answered.
 * @param isNeeded false asks nobody
 */
export function useReadOnce<Answer>(
  client: SlotwireClient,
  told: Told<Answer>,
  isNeeded: boolean,
): Answer | null | undefined {
  const [answer, setAnswer] = useState<Answer | null>();
  const [failures, setFailures] = useState(0);
  const isOver = useLiveState(client, () => isSignedOut(client));
  useEffect(() => {
    if (!isNeeded || isOver) return;
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    readOnce(client, told).then(
      (found) => isCurrent && setAnswer(() => found),
      ({ status = 0 }: Partial<ApiError>) => {
        if (!isCurrent) return;
        setAnswer(null);
        const isAnswer = status > 0 && status < 429;
        if (!isAnswer) timer = setTimeout(() => setFailures(failures + 1), LATER);
      },
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [client, told, isNeeded, isOver, failures]);
  return answer;
}
