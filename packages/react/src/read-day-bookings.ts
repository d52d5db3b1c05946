import type { SlotwireClient } from "@slotwire/client";
import type { BookingListQuery, BookingResource, List } from "@slotwire/contract";

/** What one asks for of a day. */
export type DayQuery = Pick<Partial<BookingListQuery>, "on" | "location" | "provider">;

const PAGE = 200;
/** No day of one organisation is longer than a board can show. */
const MOST_PAGES = 5;

/** Reads the bookings of a day; deleted ones are none. */
export async function readDayBookings(
  client: SlotwireClient,
  query: DayQuery,
): Promise<BookingResource[]> {
  const bookings: BookingResource[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const list: List<BookingResource> = await client.bookings.list({
      ...query,
      limit: PAGE,
      cursor: cursor ?? undefined,
    });
    bookings.push(...list.data);
    cursor = list.next_cursor;
    if (cursor === null) break;
  }
  return bookings.filter(({ deleted_at: deleted }) => deleted === null);
}
