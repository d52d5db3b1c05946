"use client";

import type { UseBookingEventsResult } from "./event-feed.ts";
import { useEventFeed, type UseBookingEventsOptions } from "./use-event-feed.ts";

/**
 * The events of a provider's bookings, also of those that were theirs before.
 * @param providerId their e-mail address, or the id of the member who they are; null or undefined as
 *   long as it is not known
 */
export function useProviderBookingEvents(
  providerId: string | null | undefined,
  options?: UseBookingEventsOptions,
): UseBookingEventsResult {
  return useEventFeed(providerId == null ? null : { provider: providerId }, options);
}
