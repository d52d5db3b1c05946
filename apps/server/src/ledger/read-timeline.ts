import type { TimelineEntry } from "@slotwire/contract";
import { tenant, type Database } from "../db/database.ts";
import { describeEvent, describeToldLate } from "../domain/describe-event.ts";
import { showTimelineEntry } from "../domain/views/show-event.ts";
import { type Detail, isOwn, type View } from "../domain/views/view.ts";
import { SlotwireError } from "../errors.ts";
import { eventFromRow, type BookingEventRow } from "./read-events.ts";

interface Row extends BookingEventRow {
  readonly org_time_zone: string;
  readonly message_id: string | null;
  readonly message_trigger: string | null;
  readonly message_summary: string;
  readonly message_warning: string | null;
  readonly message_received_at: Date;
  readonly message_duplicate_count: number;
  /** Something that the source said later was known when it was told. */
  readonly is_late: boolean;
  /** What messages said that came after it, too late to count. */
  readonly overtaken: readonly string[];
}

/** More than these are not told beside one event. */
const MAX_OVERTAKEN = 5;

/**
 * Why a booking is as it is: its events, newest first, each with the message that it came from. Their
 * words tell times by the organisation's clock.
 * @param before only versions below this one; null for the newest
 * @returns at most `limit` entries, and the version to go on from, or null on the last page
 * @throws SlotwireError E_NOT_FOUND when there is no such booking in the view
 */
export async function readTimeline(
  { db }: { readonly db: Database },
  { orgId, own, detail }: View,
  bookingId: string,
  page: { readonly limit: number; readonly before: number | null },
): Promise<{ entries: TimelineEntry[]; next: number | null }> {
  const rows = await db.transaction(tenant(orgId, own), async (tx) => {
    const [found] = await tx.query<{ provider_email: string | null }>(
      "SELECT provider_email FROM booking WHERE org_id = $1 AND id = $2",
      [orgId, bookingId],
    );
    if (found === undefined || !isOwn(own, found.provider_email))
      throw new SlotwireError("E_NOT_FOUND");
    return tx.query<Row>(
      `SELECT e.*, o.time_zone AS org_time_zone, m.id AS message_id, m.trigger AS message_trigger,
              m.summary AS message_summary, m.warning AS message_warning, m.received_at AS message_received_at,
              m.duplicate_count AS message_duplicate_count, late.overtaken, EXISTS (
                SELECT FROM booking_event l
                 WHERE l.org_id = e.org_id AND l.booking_id = e.booking_id
                   AND l.booking_version < e.booking_version
                   AND l.connection_id = e.connection_id AND l.occurred_at > e.occurred_at
              ) AS is_late
         FROM booking_event e
         JOIN organisation o ON o.id = e.org_id
         LEFT JOIN inbound_message m ON m.org_id = e.org_id AND m.id = e.inbound_message_id
        CROSS JOIN LATERAL (
          SELECT coalesce(array_agg(told.summary), '{}') AS overtaken FROM (
            SELECT s.summary FROM inbound_message s
             WHERE s.org_id = e.org_id AND s.booking_id = e.booking_id AND s.action = 'stale'
               AND s.processed_at >= e.recorded_at AND NOT EXISTS (
                 SELECT FROM booking_event n
                  WHERE n.org_id = e.org_id AND n.booking_id = e.booking_id
                    AND n.booking_version > e.booking_version AND n.recorded_at <= s.processed_at)
             GROUP BY s.summary ORDER BY min(s.processed_at) LIMIT ${MAX_OVERTAKEN}) told) late
        WHERE e.org_id = $1 AND e.booking_id = $2
          AND ($3::int IS NULL OR e.booking_version < $3)
        ORDER BY e.booking_version DESC
        LIMIT $4`,
      [orgId, bookingId, page.before, page.limit + 1],
    );
  });
  const shown = rows.slice(0, page.limit);
  return {
    entries: shown.map((row) => inWords(row, showTimelineEntry(entryFromRow(row), detail), detail)),
    next: rows.length > page.limit ? (shown.at(-1)?.booking_version ?? null) : null,
  };
}

/**
 * People read all of a booking's history by one clock, and what was told late where it was told; the
 * log keeps the booking's own clock, and what changed.
 */
function inWords(row: Row, entry: TimelineEntry, detail: Detail): TimelineEntry {
  const { booking } = entry.data;
  if (booking === undefined) return entry;
  const { org_time_zone: timeZone, is_late: isLate } = row;
  const own = isLate && entry.type === "booking.updated" ? (entry.message?.summary ?? "") : "";
  const late = [...(own === "" ? [] : [own]), ...(detail === "full" ? row.overtaken : [])];
  const words = describeEvent(entry.type, booking, entry.changed_fields, timeZone);
  return { ...entry, description: words + describeToldLate(late, timeZone) };
}

function entryFromRow(row: Row): TimelineEntry {
  const message =
    row.message_id === null
      ? null
      : {
          id: row.message_id,
          trigger: row.message_trigger,
          summary: row.message_summary,
          warning: row.message_warning,
          received_at: row.message_received_at.toISOString(),
          duplicate_count: row.message_duplicate_count,
        };
  return { ...eventFromRow(row), message };
}
