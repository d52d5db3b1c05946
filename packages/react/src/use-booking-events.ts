"use client";

import type { UseBookingEventsResult } from "./event-feed.ts";
import { useEventFeed, type UseBookingEventsOptions } from "./use-event-feed.ts";

/**
 * The events of one booking as they happen.
 * @param bookingId null or undefined as long as it is not known
 */
export function useBookingEvents(
  bookingId: string | null | undefined,
  options?: UseBookingEventsOptions,
): UseBookingEventsResult {
  return useEventFeed(bookingId == null ? null : { bookingId }, options);
}
