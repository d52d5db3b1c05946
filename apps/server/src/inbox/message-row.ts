import type { BookingEventType, InboundMessageResource } from "@slotwire/contract";
import { describeEffect, describeIdleMessage } from "../domain/describe-message.ts";
import type { Detail } from "../domain/views/view.ts";
import { messageRemedy } from "../domain/message-remedy.ts";

/** A message without its body, what it did, and how often its event was told. */
export interface InboundMessageRow {
  readonly id: string;
  readonly connection_id: string;
  readonly connection_name: string;
  readonly trigger: string | null;
  readonly status: InboundMessageResource["status"];
  readonly action: string | null;
  readonly summary: string;
  readonly warning: string | null;
  readonly signature_state: InboundMessageResource["signature_state"];
  readonly booking_id: string | null;
  readonly booking_number: number | null;
  readonly error_code: string | null;
  readonly error: string | null;
  readonly duplicate_count: number;
  readonly body_removed_at: Date | null;
  readonly received_at: Date;
  readonly processed_at: Date | null;
  /** The last event that it led to; null for none, and so is what follows. */
  readonly event_type: BookingEventType | null;
  readonly event_status: string | null;
  readonly event_starts_at: string | null;
  /** It only told what its booking is known by, or was overtaken in all that matters. */
  readonly is_aside: boolean | null;
  readonly event_person: string | null;
  /** The organisation's IANA zone, in which times are told. */
  readonly time_zone: string;
  /** Other messages that told of the same event, repetitions included, … */
  readonly other_deliveries: number;
  /** … and how many of them changed a booking. */
  readonly other_effects: number;
}

/** Two messages that tell the same within this time tell of one event. */
const APART = "interval '10 minutes'";

/**
 * Which messages `g` are deliveries of the same event as `m`, in SQL. What changed a booking by
 * itself was an event of its own: of two such, none is the other's repetition.
 */
export const isSameEvent = `g.org_id = m.org_id AND g.connection_id = m.connection_id
  AND g.event_key = m.event_key AND g.id <> m.id
  AND g.received_at BETWEEN m.received_at - ${APART} AND m.received_at + ${APART}
  AND (m.status <> 'processed' OR g.status <> 'processed')`;

/** Its columns, in SQL over the aliases of `messageTables`. */
export const messageColumns = `m.id, m.connection_id, c.name AS connection_name, m.trigger, m.status, m.action, m.summary,
  m.warning, m.signature_state, m.booking_id, m.error_code, m.error, m.duplicate_count,
  m.body_removed_at, m.received_at, m.processed_at, b.booking_number, e.event_type,
  e.new_status AS event_status, e.is_aside, e.booking ->> 'starts_at' AS event_starts_at, o.time_zone,
  coalesce(e.booking #>> '{customer,name}', e.booking #>> '{attendees,0,name}') AS event_person,
  other.deliveries AS other_deliveries, other.effects AS other_effects`;

/** Where they come from. */
export const messageTables = `inbound_message m
  JOIN organisation o ON o.id = m.org_id
  JOIN connection c ON c.org_id = m.org_id AND c.id = m.connection_id
  LEFT JOIN booking b ON b.org_id = m.org_id AND b.id = m.booking_id
  LEFT JOIN LATERAL (
    SELECT e.event_type, e.new_status, e.booking, e.event_type = 'booking.updated' AND (
             e.changed_fields = '{external_refs}' OR EXISTS (
               SELECT FROM booking_event l
                WHERE l.org_id = e.org_id AND l.booking_id = e.booking_id
                  AND l.booking_version < e.booking_version
                  AND l.connection_id = e.connection_id AND l.occurred_at > e.occurred_at)
           ) AS is_aside
      FROM booking_event e
     WHERE e.org_id = m.org_id AND e.booking_id = m.booking_id AND e.inbound_message_id = m.id
     ORDER BY e.booking_version DESC LIMIT 1) e ON true
 CROSS JOIN LATERAL (
    SELECT (count(*) + coalesce(sum(g.duplicate_count), 0))::int AS deliveries,
           (count(*) FILTER (WHERE g.status = 'processed'))::int AS effects
      FROM inbound_message g WHERE ${isSameEvent}) other`;

/**
 * A message as people see it.
 * @param detail of whoever is shown it: to `full` alone it says whose booking it was about
 */
export function toMessage(row: InboundMessageRow, detail: Detail): InboundMessageResource {
  return {
    id: row.id,
    connection_id: row.connection_id,
    connection_name: row.connection_name,
    trigger: row.trigger,
    status: row.status,
    action: row.action,
    summary: row.summary,
    description: effectOf(row, detail) ?? describeIdleMessage(row.summary, row.booking_number),
    warning: row.warning,
    signature_state: row.signature_state,
    booking_id: row.booking_id,
    booking_number: row.booking_number,
    error_code: row.error_code,
    error: row.error,
    remedy: messageRemedy(row),
    duplicate_count: row.duplicate_count,
    deliveries: 1 + row.duplicate_count + row.other_deliveries,
    effects: (row.status === "processed" ? 1 : 0) + row.other_effects,
    body_removed_at: row.body_removed_at?.toISOString() ?? null,
    received_at: row.received_at.toISOString(),
    processed_at: row.processed_at?.toISOString() ?? null,
  };
}

function effectOf(row: InboundMessageRow, detail: Detail): string | null {
  const { event_type: type, event_starts_at: startsAt, time_zone: timeZone } = row;
  const { booking_number: bookingNumber } = row;
  if (type === null || startsAt === null || bookingNumber === null) return null;
  // What it told is more than what came of it.
  if (row.is_aside === true && row.summary !== "") return null;
  const person = detail === "full" ? row.event_person : null;
  const status = row.event_status ?? "";
  return describeEffect({ type, status, bookingNumber, startsAt, timeZone, person });
}
