import type {
  BookingListQuery,
  BookingResource,
  LinkBooking,
  List,
  PageQuery,
  TimelineEntry,
  UnlinkedBooking,
  UnlinkedCount,
} from "@slotwire/contract";
import type { Transport } from "../transport.ts";

export interface BookingsApi {
  /** Those of no customer, or without what of theirs they are about; each with suggestions. */
  unlinked(query?: Partial<PageQuery>): Promise<List<UnlinkedBooking>>;
  countUnlinked(): Promise<UnlinkedCount>;
  /** @param version the version that was looked at: another one is not linked */
  link(id: string, link: LinkBooking, version?: number): Promise<BookingResource>;
  unlink(id: string): Promise<BookingResource>;
  /** Takes it out of the unlinked, or puts it back. */
  dismissLink(id: string, isDismissed: boolean): Promise<BookingResource>;
  list(query?: Partial<BookingListQuery>): Promise<List<BookingResource>>;
  get(id: string): Promise<BookingResource>;
  /** What happened to it and which messages led to that, newest first. */
  timeline(id: string): Promise<List<TimelineEntry>>;
}

export function bookingsApi(transport: Transport): BookingsApi {
  const path = "/api/v1/bookings";
  const one = (id: string): string => `${path}/${encodeURIComponent(id)}`;
  return {
    unlinked: (query = {}) => transport.json("GET", `${path}/unlinked`, { query }),
    countUnlinked: () => transport.json("GET", `${path}/unlinked/count`),
    link: (id, body, version) =>
      transport.json("POST", `${one(id)}/link`, {
        body,
        ...(version === undefined ? {} : { headers: { "if-match": `"${version}"` } }),
      }),
    unlink: (id) => transport.json("DELETE", `${one(id)}/link`),
    dismissLink: (id, isDismissed) =>
      transport.json(isDismissed ? "POST" : "DELETE", `${one(id)}/dismiss-link`),
    list: (query = {}) => transport.json("GET", path, { query }),
    get: (id) => transport.json("GET", `${path}/${encodeURIComponent(id)}`),
    timeline: (id) => transport.json("GET", `${path}/${encodeURIComponent(id)}/timeline`),
  };
}
