"use client";

import type { UseBookingEventsResult } from "./event-feed.ts";
import { useEventFeed, type UseBookingEventsOptions } from "./use-event-feed.ts";

/**
 * The events that a member made, and those of bookings whose provider they are.
 * @param userId the id of a member; of who is signed in when absent; null as long as it is not known
 */
export function useUserBookingEvents(
  userId: string | null = "me",
  options?: UseBookingEventsOptions,
): UseBookingEventsResult {
  return useEventFeed(userId === null ? null : { userId }, options);
}
