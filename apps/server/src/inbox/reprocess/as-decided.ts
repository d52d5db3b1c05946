import type { Interpretation } from "../../connectors/connector.ts";
import { type Database, tenant } from "../../db/database.ts";
import { EVERYTHING } from "../../domain/settled.ts";
import { lookUpBookings } from "../../ledger/look-up-bookings.ts";
import type { SourceConnection } from "../connections/source-connection.ts";
import type { KeptMessage } from "./kept-message.ts";

type Decided = Pick<KeptMessage, "id" | "action" | "status" | "received_at">;

/**
 * A kept message's reading, which counts against words of the same instant as the message did when it
 * was decided; one that never was, as messages that were received after it. So processing messages
 * again, read as before, changes nothing.
 */
export async function asDecided(
  { db }: { readonly db: Database },
  { id: connectionId, orgId }: Pick<SourceConnection, "id" | "orgId">,
  message: Decided,
  interpretation: Interpretation,
): Promise<Interpretation> {
  if (interpretation.outcome !== "change") return interpretation;
  const { change } = interpretation;
  const refs = change.refs === null ? [] : [change.refs];
  const [bookings = []] = await lookUpBookings({ db }, orgId, connectionId, refs);
  if (bookings.length === 0) return interpretation;
  const ids = bookings.map(({ id }) => id);
  const { settled, firstAt } = await decidedAfter(db, orgId, { message, ids });
  const { occurredAtIfMade, ...told } = change;
  // What it was taken for at first, the making of a booking or a change of it, it stays.
  const isUndecided = !decidedStates.has(message.status);
  const isChange = occurredAtIfMade !== undefined && firstAt === Date.parse(occurredAtIfMade);
  const again = isUndecided || isChange ? change : { ...told, occurredAt: change.occurredAt };
  return { ...interpretation, change: settled.length === 0 ? again : { ...again, settled } };
}

const decidedStates: ReadonlySet<string> = new Set(["processed", "unchanged"]);

interface LaterEvent {
  readonly event_type: string;
  readonly changed_fields: readonly string[];
}

/** What others decided after a message, and when its own first event happened, in ms; null for none. */
async function decidedAfter(
  db: Database,
  orgId: string,
  { message, ids }: { readonly message: Decided; readonly ids: readonly string[] },
): Promise<{ settled: readonly string[]; firstAt: number | null }> {
  const { own, later } = await db.transaction(tenant(orgId), async (tx) => ({
    own: await tx.query<{ occurred_at: Date }>(
      `SELECT occurred_at FROM booking_event
        WHERE org_id = $1 AND booking_id = ANY ($2::uuid[]) AND inbound_message_id = $3
        ORDER BY booking_version LIMIT 1`,
      [orgId, ids, message.id],
    ),
    later: await tx.query<LaterEvent>(laterEvents, [orgId, ids, message.id, message.received_at]),
  }));
  const firstAt = own[0]?.occurred_at.getTime() ?? null;
  if (message.action === "stale") return { settled: [EVERYTHING], firstAt };
  const settled = later.flatMap(({ event_type: type, changed_fields: fields }) =>
    type === "booking.created" ? [EVERYTHING] : fields,
  );
  return { settled: [...new Set(settled)], firstAt };
}

/**
 * Events of other messages, each decided where its first event stands: after the first event of this
 * one, or, where it has none, of messages that were received after it.
 */
const laterEvents = `
  WITH event AS (
    SELECT e.booking_id, e.booking_version, e.inbound_message_id, e.event_type, e.changed_fields,
           e.recorded_at,
           min(e.booking_version) OVER (
             PARTITION BY e.booking_id, coalesce(e.inbound_message_id, e.id)) AS first_version
      FROM booking_event e WHERE e.org_id = $1 AND e.booking_id = ANY ($2::uuid[])
  )
  SELECT e.event_type, e.changed_fields
    FROM event e
    LEFT JOIN inbound_message m ON m.org_id = $1 AND m.id = e.inbound_message_id
    LEFT JOIN LATERAL (
      SELECT min(o.booking_version) AS version FROM event o
       WHERE o.booking_id = e.booking_id AND o.inbound_message_id = $3) own ON true
   WHERE e.inbound_message_id IS DISTINCT FROM $3
     AND CASE WHEN own.version IS NOT NULL THEN e.first_version > own.version
              WHEN m.id IS NOT NULL THEN (m.received_at, m.id) > ($4::timestamptz, $3)
              ELSE e.recorded_at > $4 END`;
