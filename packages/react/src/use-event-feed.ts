"use client";

import type { EventFilter, SlotwireClient } from "@slotwire/client";
import type { BookingEventType } from "@slotwire/contract";
import { useEffect, useState } from "react";
import { createEventFeed, type FeedOptions, type UseBookingEventsResult } from "./event-feed.ts";
import { useSlotwireClient } from "./use-slotwire-client.ts";
import { useStore, useStored } from "./use-store.ts";

export interface UseBookingEventsOptions extends FeedOptions {
  /** The nearest provider's when absent, else the default client. */
  readonly client?: SlotwireClient;
  /** Only these types. */
  readonly types?: readonly BookingEventType[];
  /** What else the events have to pass. */
  readonly filter?: EventFilter | undefined;
}

/**
 * The events of a part of the log as they happen. Another part begins anew.
 * @param part which one; null as long as that is not known
 */
export function useEventFeed(
  part: EventFilter | null,
  options: UseBookingEventsOptions = {},
): UseBookingEventsResult {
  const client = useSlotwireClient(options.client);
  const { types, enabled } = options;
  const filter: EventFilter = {
    ...options.filter,
    ...(types === undefined ? {} : { types }),
    ...part,
  };
  const settings: FeedOptions = { ...options, enabled: part !== null && enabled !== false };
  // Those of the first part are none of another one.
  const [given] = useState(options.initialEvents);
  const feed = useStore(
    (isFirst) => {
      const isRead = isFirst || options.initialEvents !== given;
      const initialEvents = isRead ? options.initialEvents : [];
      return createEventFeed(client, filter, { ...settings, initialEvents });
    },
    client,
    JSON.stringify(filter),
  );
  // Before it is watched: effects run in their order.
  useEffect(() => feed.update(settings));
  return useStored(feed);
}
