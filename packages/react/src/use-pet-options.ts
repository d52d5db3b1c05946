"use client";

import type { CalComCustomer, SlotwireClient } from "@slotwire/client";
import { useEffect, useMemo, useState } from "react";
import { petOptions, type PetSelection } from "./pet-options.ts";
import { tellsSignedOut } from "./signed-out.ts";

/** How many customers are asked for at a time. */
const PAGE = 50;
/** How many are shown at a time. */
const SHOWN = 100;
/** Milliseconds for which nobody has typed before the hub is asked. */
const PAUSE = 200;

export interface PetOptions {
  readonly options: readonly PetSelection[];
  readonly state: "loading" | "ready" | "failed";
  /** Whether there are more than these. */
  readonly hasMore: boolean;
  readonly retry: () => void;
}

/** The last that the hub said. */
interface Answer {
  /** Which question it answers. */
  readonly to: string;
  readonly query: string;
  /** Null before the first one, and when nobody is signed in any more. */
  readonly list: Awaited<ReturnType<SlotwireClient["customers"]["list"]>> | null;
  readonly failed: boolean;
}

const noAnswer: Answer = { to: "", query: "", list: null, failed: false };

/**
 * Who can be chosen: of the customers that are given, or of those that the hub finds.
 * @param client asked when no customers are given
 */
export function usePetOptions(
  query: string,
  customers: readonly CalComCustomer[] | undefined,
  client: SlotwireClient,
): PetOptions {
  const [answer, setAnswer] = useState(noAnswer);
  const [attempt, setAttempt] = useState(0);
  const isGiven = customers !== undefined;
  const q = query.trim();
  const question = `${attempt} ${q}`;

  useEffect(() => {
    if (isGiven) return;
    let isCurrent = true;
    const tell = (next: Partial<Answer>): void => {
      if (isCurrent) setAnswer((last) => ({ ...last, ...next, to: question }));
    };
    const ask = (): void =>
      void client.customers.list({ limit: PAGE, q: q || undefined }).then(
        (list) => tell({ query: q, list, failed: false }),
        (error: unknown) =>
          tell({ failed: true, ...(tellsSignedOut(error) ? { list: null } : {}) }),
      );
    const timer = setTimeout(ask, q === "" ? 0 : PAUSE);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [isGiven, client, q, question]);

  const options = useMemo(
    () =>
      customers === undefined
        ? petOptions(answer.list?.data ?? [], answer.query, true)
        : petOptions(customers, q),
    [customers, answer, q],
  );
  return {
    options: options.slice(0, SHOWN),
    state: isGiven ? "ready" : stateOf(answer, question),
    hasMore: options.length > SHOWN || (!isGiven && answer.list?.next_cursor != null),
    retry: () => setAttempt(attempt + 1),
  };
}

function stateOf({ to, failed }: Answer, question: string): PetOptions["state"] {
  if (to !== question) return "loading";
  return failed ? "failed" : "ready";
}
