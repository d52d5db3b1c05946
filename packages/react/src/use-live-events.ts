"use client";

import type { LiveStatus, LiveSubscriber, SlotwireClient } from "@slotwire/client";
import { useEffect, useRef } from "react";
import { useLiveState } from "./use-live-state.ts";

type Handlers = Pick<LiveSubscriber, "onEvent" | "onGap" | "onLostConnection">;

export interface UseLiveEventsOptions extends Handlers {
  /** False keeps this component from following. */
  readonly enabled?: boolean;
}

export interface UseLiveEventsResult {
  readonly status: LiveStatus;
  /** The position in the log up to which events were handed out; null before the first one. */
  readonly lastSeq: number | null;
}

/**
 * Follows the organisation's events while the component is mounted, on the client's one
 * connection. The handlers may change at every render without anything being subscribed anew.
 */
export function useLiveEvents(
  client: SlotwireClient,
  { enabled = true, ...given }: UseLiveEventsOptions = {},
): UseLiveEventsResult {
  const handlers = useRef<Handlers>({});
  useEffect(() => {
    handlers.current = given;
  });
  useEffect(() => {
    if (!enabled) return;
    return client.live.subscribe({
      onEvent: (event) => handlers.current.onEvent?.(event),
      onGap: (gap) => handlers.current.onGap?.(gap),
      onLostConnection: () => handlers.current.onLostConnection?.(),
    });
  }, [client, enabled]);

  return {
    status: useLiveState(client, (state) => state.status),
    lastSeq: useLiveState(client, (state) => state.lastSeq),
  };
}
