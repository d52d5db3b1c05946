import type { BookingListQuery, BookingResource, List, TimelineEntry } from "@slotwire/contract";
import type { Transport } from "../transport.ts";

export interface BookingsApi {
  list(query?: Partial<BookingListQuery>): Promise<List<BookingResource>>;
  get(id: string): Promise<BookingResource>;
  /** What happened to it and which messages led to that, newest first. */
  timeline(id: string): Promise<List<TimelineEntry>>;
}

export function bookingsApi(transport: Transport): BookingsApi {
  const path = "/api/v1/bookings";
  return {
    list: (query = {}) => transport.json("GET", path, { query }),
    get: (id) => transport.json("GET", `${path}/${encodeURIComponent(id)}`),
    timeline: (id) => transport.json("GET", `${path}/${encodeURIComponent(id)}/timeline`),
  };
}
