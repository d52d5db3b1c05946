import type { LiveStatus, SlotwireClient } from "@slotwire/client";
import type { BookingEvent, BookingEventType, StreamGap } from "@slotwire/contract";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { createEventBuffer } from "./event-buffer.ts";
import { useLiveEvents } from "./use-live-events.ts";
import { useLiveState } from "./use-live-state.ts";
import { useSlotwireClient } from "./use-slotwire-client.ts";

export interface UseOrgBookingEventsOptions {
  /** The nearest provider's, when absent. */
  readonly client?: SlotwireClient;
  /** False stops following and keeps what is shown. */
  readonly enabled?: boolean;
  /** How many events are kept; 50 when absent. */
  readonly maxEvents?: number;
  /** Only these types. */
  readonly types?: readonly BookingEventType[];
  /** Events to begin with, newest first. */
  readonly initialEvents?: readonly BookingEvent[];
  /** Called once per event, in the order of the log. */
  readonly onEvent?: (event: BookingEvent) => void;
  /** Events are missing that can no longer be had: reload what is shown. */
  readonly onGap?: (gap: StreamGap) => void;
}

export interface UseBookingEventsResult {
  /** Newest first. Stays as it is while the connection is away. */
  readonly events: readonly BookingEvent[];
  readonly isConnected: boolean;
  /** Why it is not connected, in words; null while all is well. */
  readonly error: string | null;
  readonly status: LiveStatus;
  /** The seq of the last event that was handed out, as text; null before the first one. */
  readonly lastEventId: string | null;
  /** When the hub was last heard of, in milliseconds of the epoch. */
  readonly lastSyncedAt: number | null;
  /** Whether events are missing that can no longer be had. `clearEvents` forgets it. */
  readonly hasGap: boolean;
  readonly clearEvents: () => void;
  /** Connects anew at once, also after `denied`. */
  readonly retry: () => void;
}

const nothing: readonly BookingEvent[] = [];

/** The organisation's booking events as they happen. */
export function useOrgBookingEvents(
  options: UseOrgBookingEventsOptions = {},
): UseBookingEventsResult {
  const { maxEvents = 50, initialEvents = nothing, types, onEvent, onGap, enabled } = options;
  const client = useSlotwireClient(options.client);
  const [buffer] = useState(() => createEventBuffer(maxEvents, initialEvents));
  const [hasGap, setHasGap] = useState(false);
  const [initial] = useState(buffer.events);
  const events = useSyncExternalStore(
    buffer.watch,
    () => buffer.events,
    () => initial,
  );
  useEffect(() => buffer.resize(maxEvents), [buffer, maxEvents]);

  const { status, lastSeq } = useLiveEvents(client, {
    ...(enabled === undefined ? {} : { enabled }),
    onEvent: (event) => {
      if (types !== undefined && !types.includes(event.type)) return;
      buffer.add(event);
      onEvent?.(event);
    },
    onGap: (gap) => {
      setHasGap(true);
      onGap?.(gap);
    },
  });
  const clearEvents = useCallback(() => {
    buffer.clear();
    setHasGap(false);
  }, [buffer]);

  return {
    events,
    isConnected: status === "live",
    error: useLiveState(client, (state) => state.error),
    status,
    lastEventId: lastSeq === null ? null : String(lastSeq),
    lastSyncedAt: useLiveState(client, (state) => state.lastSyncedAt),
    hasGap,
    clearEvents,
    retry: client.live.retry,
  };
}
