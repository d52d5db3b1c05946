import type {
  ActorKind,
  BookingEvent,
  BookingEventType,
  BookingResource,
  StreamGap,
} from "@slotwire/contract";
import { type Database, type Statement, system, tenant } from "../db/database.ts";
import type { View } from "../domain/views/view.ts";
import { type BookingEventRow, eventFromRow } from "../ledger/read-events.ts";
import type { EventSketch } from "./event-facts.ts";

const newestStatement: Statement = {
  name: "live_newest",
  text: "SELECT org_id, seq FROM org_counter WHERE org_id = ANY ($1::uuid[])",
};

/** The highest seq of each organisation's log. */
export async function newestPositions(
  db: Database,
  orgIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.transaction(system, (tx) =>
    tx.query<{ org_id: string; seq: number }>(newestStatement, [orgIds]),
  );
  return new Map(rows.map((row) => [row.org_id, row.seq]));
}

/** How far the organisation's log reaches, both ways. */
export async function logBounds(db: Database, orgId: string): Promise<StreamGap> {
  const rows = await db.transaction(tenant(orgId), (tx) =>
    tx.query<StreamGap>(
      `SELECT coalesce((SELECT min(seq) FROM booking_event), c.seq) AS oldest, c.seq AS newest
         FROM org_counter c`,
    ),
  );
  return rows[0] ?? { oldest: 0, newest: 0 };
}

/** Those of these bookings that are in the view. */
export async function bookingsInView(
  db: Database,
  { orgId, own }: View,
  bookingIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (bookingIds.length === 0) return new Set();
  const rows = await db.transaction(tenant(orgId, own), (tx) =>
    tx.query<{ id: string }>("SELECT id FROM booking WHERE org_id = $1 AND id = ANY ($2::uuid[])", [
      orgId,
      bookingIds,
    ]),
  );
  return new Set(rows.map(({ id }) => id));
}

interface SketchRow {
  readonly seq: number;
  readonly event_type: BookingEventType;
  readonly booking_id: string;
  readonly actor_kind: ActorKind;
  readonly actor_id: string | null;
  readonly booking: BookingResource;
  readonly previous: Record<string, unknown>;
}

/** Of the booking no more than what the facts of an event follow from. */
const sketchColumns = `e.seq, e.event_type, e.booking_id, e.actor_kind, e.actor_id, e.previous,
    jsonb_build_object('provider', e.booking -> 'provider', 'customer', e.booking -> 'customer',
                       'location', e.booking -> 'location') AS booking`;

function sketchOf(row: SketchRow): EventSketch {
  return {
    seq: row.seq,
    type: row.event_type,
    booking_id: row.booking_id,
    actor: { kind: row.actor_kind, id: row.actor_id },
    data: { booking: row.booking, previous: row.previous },
  };
}

/** Part of the log, from its newest event to its oldest. */
export interface LogSpan {
  /** Above this seq … */
  readonly above: number;
  /** … up to this one. */
  readonly upTo: number;
  /** At most so many, the newest ones. */
  readonly limit: number;
}

/** The newest events of a span, newest first. */
export async function newestSketches(
  db: Database,
  orgId: string,
  { above, upTo, limit }: LogSpan,
): Promise<EventSketch[]> {
  const rows = await db.transaction(tenant(orgId), (tx) =>
    tx.query<SketchRow>(
      `SELECT ${sketchColumns}
         FROM booking_event e
        WHERE e.org_id = $1 AND e.seq > $2 AND e.seq <= $3
        ORDER BY e.seq DESC
        LIMIT $4`,
      [orgId, above, upTo, limit],
    ),
  );
  return rows.map(sketchOf);
}

/**
 * The newest events of some bookings, newest first: for each by the index of its versions, however
 * long the log is.
 * @param each at most so many of one booking
 */
export async function newestSketchesOf(
  db: Database,
  orgId: string,
  bookingIds: readonly string[],
  { upTo, limit, each }: Omit<LogSpan, "above"> & { readonly each: number },
): Promise<EventSketch[]> {
  const rows = await db.transaction(tenant(orgId), (tx) =>
    tx.query<SketchRow>(
      `SELECT ${sketchColumns}
         FROM unnest($2::uuid[]) wanted (id)
        CROSS JOIN LATERAL (
          SELECT * FROM booking_event v
           WHERE v.org_id = $1 AND v.booking_id = wanted.id AND v.seq <= $3
           ORDER BY v.booking_version DESC
           LIMIT $4) e
        ORDER BY e.seq DESC
        LIMIT $5`,
      [orgId, bookingIds, upTo, each, limit],
    ),
  );
  return rows.map(sketchOf);
}

/** The events at these places of the log, in order; those that are gone are left out. */
export async function eventsAt(
  db: Database,
  orgId: string,
  seqs: readonly number[],
): Promise<BookingEvent[]> {
  const rows = await db.transaction(tenant(orgId), (tx) =>
    tx.query<BookingEventRow>(
      "SELECT * FROM booking_event WHERE org_id = $1 AND seq = ANY ($2::bigint[]) ORDER BY seq",
      [orgId, seqs],
    ),
  );
  return rows.map(eventFromRow);
}
