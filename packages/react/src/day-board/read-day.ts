import type { SlotwireClient } from "@slotwire/client";
import type { BookingListQuery, BookingResource, CommandResource, List } from "@slotwire/contract";
import { unlessForbidden } from "../unless-forbidden.ts";

/** What `DayBoard` shows. */
export interface DayBookings {
  readonly bookings: readonly BookingResource[];
  /** What the sources are asked for, and of what was asked here also what they refused. */
  readonly commands: readonly CommandResource[];
}

const PAGE = 200;
/** No day of one organisation is longer than a board can show. */
const MOST_PAGES = 5;

type DayQuery = Pick<Partial<BookingListQuery>, "on" | "location" | "provider">;

/**
 * Reads a day's bookings and what is asked of their sources.
 * @param asked ids of the commands that came from this board
 */
export async function readDay(
  client: SlotwireClient,
  query: DayQuery,
  asked: readonly string[],
): Promise<DayBookings> {
  const nothing: List<CommandResource> = { data: [], next_cursor: null };
  const [bookings, open] = await Promise.all([
    readBookings(client, query),
    unlessForbidden(client.commands.list({ status: "open", limit: PAGE }), nothing),
  ]);
  const settled = await Promise.all(
    asked
      .filter((id) => open.data.every((command) => command.id !== id))
      .map((id) => client.commands.get(id)),
  );
  // What was asked after a refusal goes before it.
  const last = new Map(settled.map((command) => [command.booking_id, command]));
  for (const { booking_id: id } of open.data) last.delete(id);
  const refused = [...last.values()].filter(
    ({ status }) => status === "refused" || status === "expired",
  );
  return { bookings, commands: [...open.data, ...refused] };
}

async function readBookings(client: SlotwireClient, query: DayQuery): Promise<BookingResource[]> {
  const bookings: BookingResource[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const list: List<BookingResource> = await client.bookings.list({
      ...query,
      limit: PAGE,
      ...(cursor === null ? {} : { cursor }),
    });
    bookings.push(...list.data);
    cursor = list.next_cursor;
    if (cursor === null) break;
  }
  return bookings.filter(({ deleted_at: deleted }) => deleted === null);
}
