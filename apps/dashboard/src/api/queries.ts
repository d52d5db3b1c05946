import type {
  BookingResource,
  DeliveryListQuery,
  DeliveryResource,
  InboundMessageFilter,
  List,
} from "@slotwire/contract";
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Day } from "../time/zoned-day.ts";
import { hub } from "./hub.ts";

/** How often lists without live events are read again, in milliseconds. */
const refreshEvery = 10_000;
/** The same, while a delivery is on its way. */
const refreshSoon = 1_000;
/** The same, while somebody may be waiting for a connection's first message. */
const refreshWhileWaiting = 2_000;
const pageSize = 50;

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: () => hub.session.get(),
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

/** How one can sign in here. Whoever is not signed in may ask, too. */
export const signInOptionsQuery = queryOptions({
  queryKey: ["sign-in", "options"],
  queryFn: () => hub.session.options(),
  staleTime: 60_000,
});

/** All bookings of one day of the organisation. */
export const dayQuery = (on: Day) =>
  queryOptions({
    queryKey: ["bookings", "day", on],
    queryFn: () => everyPage((cursor) => hub.bookings.list({ on, limit: 200, ...cursor })),
  });

/** The first bookings that start at an instant or later. */
export const comingQuery = (from: string) =>
  queryOptions({
    queryKey: ["bookings", "coming", from],
    queryFn: () => hub.bookings.list({ from, limit: 50 }),
  });

export const bookingQuery = (id: string) =>
  queryOptions({ queryKey: ["bookings", "one", id], queryFn: () => hub.bookings.get(id) });

export const timelineQuery = (id: string) =>
  queryOptions({
    queryKey: ["bookings", "timeline", id],
    queryFn: () => hub.bookings.timeline(id),
  });

/** Bookings that nobody is linked to. */
export const unlinkedQuery = infiniteQueryOptions({
  queryKey: ["unlinked", "list"],
  queryFn: ({ pageParam }) => hub.bookings.unlinked({ limit: 25, ...pageParam }),
  initialPageParam: {},
  getNextPageParam: nextPage,
});

export const unlinkedCountQuery = queryOptions({
  queryKey: ["unlinked", "count"],
  queryFn: () => hub.bookings.countUnlinked(),
  staleTime: 30_000,
});

export const customerSearchQuery = (q: string) =>
  queryOptions({
    queryKey: ["customers", "search", q],
    queryFn: () => hub.customers.list({ q, limit: 8 }),
    placeholderData: keepPreviousData,
  });

export const messagesQuery = (filter: InboundMessageFilter = {}) =>
  infiniteQueryOptions({
    queryKey: ["messages", "list", filter],
    queryFn: ({ pageParam }) =>
      hub.inboundMessages.list({ limit: pageSize, ...given(filter), ...pageParam }),
    initialPageParam: {},
    getNextPageParam: nextPage,
    refetchInterval: refreshEvery,
    placeholderData: keepPreviousData,
  });

export const messageQuery = (id: string) =>
  queryOptions({ queryKey: ["messages", "one", id], queryFn: () => hub.inboundMessages.get(id) });

/** Which deliveries; what is left open does not matter. */
export type DeliveryFilter = Partial<Omit<DeliveryListQuery, "limit" | "cursor">>;

export const deliveriesQuery = (filter: DeliveryFilter = {}) =>
  infiniteQueryOptions({
    queryKey: ["deliveries", "list", filter],
    queryFn: ({ pageParam }) =>
      hub.deliveries.list({ limit: pageSize, ...given(filter), ...pageParam }),
    initialPageParam: {},
    getNextPageParam: nextPage,
    refetchInterval: ({ state }) =>
      refreshFor(state.data?.pages.flatMap((page) => page.data) ?? []),
    placeholderData: keepPreviousData,
  });

export const deliveryQuery = (id: string) =>
  queryOptions({
    queryKey: ["deliveries", "one", id],
    queryFn: () => hub.deliveries.get(id),
    refetchInterval: ({ state }) => refreshFor(state.data ? [state.data] : []),
  });

/** @param delivery the delivery as it is known; every attempt at it counts up its attempts */
export const attemptsQuery = (id: string, delivery: DeliveryResource | undefined) =>
  queryOptions({
    queryKey: ["deliveries", "attempts", id, delivery?.attempt_count],
    queryFn: () => hub.deliveries.attempts(id),
    placeholderData: keepPreviousData,
  });

export const destinationsQuery = queryOptions({
  queryKey: ["destinations"],
  queryFn: () => hub.destinations.list(),
});

/** No event tells of refused messages, nor of a first one that changes nothing. */
export const connectionsQuery = queryOptions({
  queryKey: ["connections"],
  queryFn: () => hub.connections.list(),
  refetchInterval: ({ state }) => {
    const isSettingUp = state.data?.data.some(
      ({ status, last_message_at: last }) => status === "active" && last === null,
    );
    return isSettingUp === true ? refreshWhileWaiting : refreshEvery;
  },
});

/** No event tells of a delivery's end, so what is on its way is looked at often. */
function refreshFor(deliveries: readonly DeliveryResource[]): number {
  const isMoving = deliveries.some(({ status }) => status === "pending" || status === "sending");
  return isMoving ? refreshSoon : refreshEvery;
}

/** Where a page of a list begins; the first one has none. */
type Cursor = { readonly cursor?: string };

/** Where the next page begins, if there is one. */
export function nextPage(page: List<unknown>): Cursor | undefined {
  return page.next_cursor === null ? undefined : { cursor: page.next_cursor };
}

/** The filter without what was left open. */
function given<Filter extends object>(
  filter: Filter,
): { [Key in keyof Filter]: NonNullable<Filter[Key]> } {
  const set = Object.entries(filter).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set) as { [Key in keyof Filter]: NonNullable<Filter[Key]> };
}

/** More than this is not read for one day: 20 pages of 200. */
const mostPages = 20;

async function everyPage(
  read: (cursor: Cursor) => Promise<List<BookingResource>>,
): Promise<BookingResource[]> {
  const rows: BookingResource[] = [];
  let cursor: Cursor | undefined = {};
  for (let page = 0; cursor !== undefined && page < mostPages; page++) {
    const answer: List<BookingResource> = await read(cursor);
    rows.push(...answer.data);
    cursor = nextPage(answer);
  }
  return rows;
}
