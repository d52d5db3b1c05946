"use client";

import type { CalComCustomer, SlotwireClient } from "@slotwire/client";
import { useEffect, useMemo, useState } from "react";
import { petOptions, type PetSelection } from "./pet-options.ts";

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
  readonly customers: readonly CalComCustomer[];
  readonly hasMore: boolean;
  readonly failed: boolean;
}

const noAnswer: Answer = { to: "", query: "", customers: [], hasMore: false, failed: false };

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
    const ask = async (): Promise<void> => {
      const next = await answerOf(client, q).catch(() => ({ failed: true }));
      if (isCurrent) setAnswer((last) => ({ ...last, ...next, to: question }));
    };
    const timer = setTimeout(() => void ask(), q === "" ? 0 : PAUSE);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [isGiven, client, q, question]);

  const options = useMemo(
    () =>
      customers === undefined
        ? petOptions(answer.customers, answer.query, true)
        : petOptions(customers, q),
    [customers, answer, q],
  );
  return {
    options: options.slice(0, SHOWN),
    state: isGiven ? "ready" : stateOf(answer, question),
    hasMore: options.length > SHOWN || (!isGiven && answer.hasMore),
    retry: () => setAttempt(attempt + 1),
  };
}

async function answerOf(client: SlotwireClient, q: string): Promise<Omit<Answer, "to">> {
  const list = await client.customers.list({ limit: PAGE, q: q || undefined });
  return { query: q, customers: list.data, hasMore: list.next_cursor !== null, failed: false };
}

function stateOf({ to, failed }: Answer, question: string): PetOptions["state"] {
  if (to !== question) return "loading";
  return failed ? "failed" : "ready";
}
