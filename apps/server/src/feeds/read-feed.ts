import { createHash } from "node:crypto";
import { MAX_FEED_BOOKINGS } from "@slotwire/contract";
import { tenant, type Transaction } from "../db/database.ts";
import type { FeedDeps } from "./feed-caller.ts";
import type { OpenFeed } from "./find-feed.ts";
import { feedBookings } from "./queries.ts";
import { type FeedBooking, writeCalendar } from "./write-calendar.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** How long a calendar shows that a booking was cancelled or deleted. */
const CANCELLED_DAYS = 30;
/** Part of the entity tag: whoever changes what is written changes it. */
const FORMAT = 2;

/** What the reader of a feed is given. */
export interface FeedAnswer {
  /** Weak entity tag (RFC 9110 §8.8.3): the same one stands for the same bookings. */
  readonly tag: string;
  /** iCalendar; null when the reader has it already. */
  readonly calendar: string | null;
}

/**
 * Reads a feed: the bookings that start from `daysBack` days before today to `daysAhead` after it,
 * the days being those of UTC. What was cancelled or deleted stays for 30 days, as cancelled.
 * @param known the entity tags that the reader has, as `If-None-Match` names them; null for none
 */
export async function readFeed(
  { db, clock }: FeedDeps,
  feed: OpenFeed,
  known: string | null,
): Promise<FeedAnswer> {
  const now = clock.now();
  const today = new Date(Math.floor(now.getTime() / DAY) * DAY);
  const read = await db.transaction(tenant(feed.orgId), async (tx) => {
    await noteReading(tx, feed, now);
    // Read before the bookings: what changes in between has another tag the next time.
    const tag = tagOf(feed, today, await lastEvent(tx, feed.orgId));
    if (isKnown(tag, known)) return { tag, found: null };
    const found = await tx.query<FeedBooking>(feedBookings, [
      feed.orgId,
      new Date(today.getTime() - feed.daysBack * DAY),
      new Date(today.getTime() + (feed.daysAhead + 1) * DAY),
      new Date(today.getTime() - CANCELLED_DAYS * DAY),
      today,
      MAX_FEED_BOOKINGS + 1,
      feed.scope,
      feed.providerEmail,
      feed.customerId,
    ]);
    return { tag, found };
  });
  // Afterwards, so that nothing waits for the database while it is written.
  const calendar = read.found === null ? null : await write(feed, read.found, today);
  return { tag: read.tag, calendar };
}

function write(feed: OpenFeed, found: readonly FeedBooking[], today: Date): Promise<string> {
  const isCut = found.length > MAX_FEED_BOOKINGS;
  return writeCalendar({
    name: feed.name,
    note: isCut
      ? `Shows the ${MAX_FEED_BOOKINGS} bookings nearest to today. There are more in its time.`
      : null,
    timeZone: feed.timeZone,
    showsNames: feed.showsNames,
    bookings: isCut ? withoutFarthest(found, today) : found,
  });
}

/** Of one more than there may be, in order of their starts, the farthest is the first or the last. */
function withoutFarthest(found: readonly FeedBooking[], today: Date): readonly FeedBooking[] {
  const distance = (booking: FeedBooking | undefined): number =>
    Math.abs((booking?.starts_at.getTime() ?? 0) - today.getTime());
  return distance(found[0]) > distance(found.at(-1)) ? found.slice(1) : found.slice(0, -1);
}

async function lastEvent(tx: Transaction, orgId: string): Promise<number> {
  const [row] = await tx.query<{ seq: number }>("SELECT seq FROM org_counter WHERE org_id = $1", [
    orgId,
  ]);
  return row?.seq ?? 0;
}

/** Every change to a booking is an event, so that the last one's number stands for all of them. */
function tagOf(feed: OpenFeed, today: Date, seq: number): string {
  const { lastReadAt: _unsaid, ...settings } = feed;
  const parts = JSON.stringify([FORMAT, settings, today.toISOString(), seq]);
  return `W/"${createHash("sha256").update(parts).digest("base64url").slice(0, 27)}"`;
}

/** RFC 9110 §13.1.2: by weak comparison, of a list or `*`. */
function isKnown(tag: string, known: string | null): boolean {
  if (known === null) return false;
  const opaque = tag.replace(/^W\//, "");
  return known
    .split(",")
    .map((one) => one.trim().replace(/^W\//, ""))
    .some((one) => one === "*" || one === opaque);
}

/** When it was last read tells whether anybody still does: once an hour is often enough. */
async function noteReading(tx: Transaction, feed: OpenFeed, now: Date): Promise<void> {
  if (feed.lastReadAt !== null && now.getTime() - feed.lastReadAt.getTime() < HOUR) return;
  await tx.query("UPDATE calendar_feed SET last_read_at = $2 WHERE id = $1", [feed.id, now]);
}
