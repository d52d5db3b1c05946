import type { BookingEvent, BookingEventType, BookingResource } from "@slotwire/contract";
import type { Queryable, Statement } from "../db/database.ts";
import { describeEvent } from "../domain/describe-event.ts";

/** A row of `booking_event`. */
export interface BookingEventRow {
  readonly id: string;
  readonly seq: number;
  readonly event_type: string;
  readonly occurred_at: Date;
  readonly recorded_at: Date;
  readonly booking_id: string;
  readonly booking_version: number;
  readonly old_status: string | null;
  readonly new_status: string;
  readonly changed_fields: string[];
  readonly previous: Record<string, unknown>;
  readonly booking: BookingResource;
  readonly irregular: boolean;
  readonly actor_kind: string;
  readonly actor_id: string | null;
  readonly actor_name: string | null;
  readonly connection_id: string | null;
  readonly source_kind: string | null;
}

const eventsStatement: Statement = {
  name: "ledger_events",
  text: "SELECT * FROM ledger_events($1, $2, $3)",
};

/**
 * Reads the organisation's log behind a position.
 * @param after the last `seq` that was seen; 0 for the beginning
 * @returns at most `limit` events, by ascending `seq`, without a gap
 */
export async function readEvents(
  db: Queryable,
  orgId: string,
  after: number,
  limit: number,
): Promise<BookingEvent[]> {
  const rows = await db.query<BookingEventRow>(eventsStatement, [orgId, after, limit]);
  return rows.map(eventFromRow);
}

/** The one shape in which an event leaves the hub. */
export function eventFromRow(row: BookingEventRow): BookingEvent {
  const type = row.event_type as BookingEventType;
  return {
    id: row.id,
    seq: row.seq,
    type,
    event_type: type.slice("booking.".length),
    occurred_at: row.occurred_at.toISOString(),
    recorded_at: row.recorded_at.toISOString(),
    booking_id: row.booking_id,
    booking_version: row.booking_version,
    booking_number: row.booking.booking_number,
    old_status: row.old_status as BookingEvent["old_status"],
    new_status: row.new_status as BookingEvent["new_status"],
    changed_fields: row.changed_fields,
    description: describeEvent(type, row.booking, row.changed_fields),
    irregular: row.irregular,
    actor: {
      kind: row.actor_kind as BookingEvent["actor"]["kind"],
      id: row.actor_id,
      name: row.actor_name,
    },
    source: { connection_id: row.connection_id, kind: row.source_kind },
    data: { booking: row.booking, previous: row.previous },
  };
}
