import type { BookingEvent, List } from "@slotwire/contract";
import type { Calls } from "./resource.ts";

export interface BookingEventsApi {
  /**
   * Reads the log, ascending.
   * @param query `after`: the last seq that was seen (0 for the beginning); `limit`: at most 1000.
   *   `next_cursor` is the `after` of the next page, or null when nothing newer was stored.
   */
  list(query?: { readonly after?: number; readonly limit?: number }): Promise<List<BookingEvent>>;
}

export const bookingEventsCalls: Calls<BookingEventsApi> = { list: "GET?" };
