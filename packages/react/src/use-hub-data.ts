"use client";

import type { SlotwireClient } from "@slotwire/client";
import type { BookingEvent } from "@slotwire/contract";
import { useCallback, useEffect, useRef, useState } from "react";
import { type Asker, askInTurn } from "./ask-in-turn.ts";
import { isSignedOut, signedOut, tellsSignedOut } from "./signed-out.ts";
import { useLiveState } from "./use-live-state.ts";
import { useOnChange } from "./use-on-change.ts";
import { useReloads } from "./use-reloads.ts";

/** What components that show something of the hub's have in common. */
export interface HubDataOptions {
  /** The nearest provider's when absent, else the default client. */
  readonly client?: SlotwireClient;
  /** Another value makes it read again. */
  readonly refreshKey?: string | number;
}

export interface HubQuestion<Data> {
  readonly client: SlotwireClient;
  /** Tells questions apart: another one forgets what was read. */
  readonly key: string;
  /** Asks. The last one that was given is called. */
  readonly ask: () => Promise<Data>;
  /** Shown until the first answer: what a server has rendered. */
  readonly initialData?: Data | undefined;
  readonly refreshKey?: string | number | undefined;
  /** Whether an event may have changed the answer. Without it, none can. */
  readonly concerns?: (event: BookingEvent) => boolean;
  /** Milliseconds after which it is read again; 5 minutes when absent. */
  readonly every?: (data: Data) => number;
}

export interface HubData<Data> {
  /** The last answer, also while the next is awaited or after it failed. */
  readonly data: Data | undefined;
  /** What the last attempt failed by; null after an answer. */
  readonly error: unknown;
  /** When there had been no connection for five seconds: milliseconds of the epoch, 0 for never. */
  readonly lostAt: number;
  /** Asks at once, and drops an answer that is under way: what it tells was changed meanwhile. */
  readonly reload: () => void;
}

interface Answer<Data> {
  /** Whom it was asked of, and the key of the question that it answers. */
  readonly from: SlotwireClient;
  readonly to: string;
  readonly data: Data | undefined;
  readonly error: unknown;
}

/**
 * Asks the hub, as soon as events are listened to that may change the answer, and again: when an event concerns it, when the page is looked at again, every few
 * minutes, and when `refreshKey` changes. The next time is after the answer, which is shown: however often
 * that is, and however long an answer takes.
 */
export function useHubData<Data>(question: HubQuestion<Data>): HubData<Data> {
  const { client, key, initialData, refreshKey = "", concerns, every } = question;
  const whose = { from: client, to: key };
  const [answer, setAnswer] = useState<Answer<Data>>({ ...whose, data: initialData, error: null });
  const isAnswer = isTo(answer, whose);
  // The first one of those that events concern waits until these are listened to.
  const hasBegun = useRef(concerns === undefined);
  const latest = useRef<(asked: SlotwireClient) => Promise<Data>>(question.ask);
  useEffect(() => {
    latest.current = question.ask;
  });

  const asker = useRef<Asker>(null);
  useEffect(() => {
    const own = askInTurn(
      () => latest.current(client),
      (outcome) =>
        setAnswer((last) => {
          const asked = { from: client, to: key };
          const isKept = isTo(last, asked) && !tellsSignedOut(outcome.error);
          return { data: isKept ? last.data : undefined, ...outcome, ...asked };
        }),
    );
    asker.current = own;
    if (hasBegun.current) own.askAnew();
    return own.end;
  }, [client, key]);
  const askSoon = useCallback(() => {
    hasBegun.current = true;
    asker.current?.askSoon();
  }, []);
  useOnChange(refreshKey, () => {
    if (hasBegun.current) askSoon();
  });
  const reload = useCallback(() => {
    // Events do not come back by themselves after that, and tell when somebody is signed in again.
    if (isSignedOut(client)) client.live.retry();
    asker.current?.askAnew();
  }, [client]);
  const isOver = useLiveState(client, () => isSignedOut(client));
  const wasOver = useRef(isOver);
  // What was read for one must not come back for another.
  if (isOver && !(isAnswer && answer.error === signedOut)) {
    setAnswer({ ...whose, data: undefined, error: signedOut });
  }
  useEffect(() => {
    if (isOver) asker.current?.end();
    else if (wasOver.current) reload();
    wasOver.current = isOver;
  }, [isOver, reload]);
  const [lostAt, setLostAt] = useState(0);
  const { data, error } = isAnswer ? answer : { data: undefined, error: null };
  useReloads(client, askSoon, concerns, data === undefined ? undefined : every?.(data), () =>
    setLostAt(clock()),
  );
  return { data, error, lostAt, reload };
}

type Asked = Pick<Answer<unknown>, "from" | "to">;
const isTo = (answer: Asked, { from, to }: Asked): boolean =>
  answer.from === from && answer.to === to;

const clock = (): number => Date.now();
