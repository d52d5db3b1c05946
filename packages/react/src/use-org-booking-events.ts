"use client";

import type { UseBookingEventsResult } from "./event-feed.ts";
import { useEventFeed, type UseBookingEventsOptions } from "./use-event-feed.ts";

/** The organisation's booking events as they happen. */
export function useOrgBookingEvents(options?: UseBookingEventsOptions): UseBookingEventsResult {
  return useEventFeed({}, options);
}
