import type { InboundMessageResource } from "@slotwire/contract";

/** A message without its body. */
export interface InboundMessageRow {
  readonly id: string;
  readonly connection_id: string;
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
  readonly received_at: Date;
  readonly processed_at: Date | null;
}

/** Its columns, in SQL over the alias `m`. */
export const messageColumns = `m.id, m.connection_id, m.trigger, m.status, m.action, m.summary, m.warning,
  m.signature_state, m.booking_id, m.error_code, m.error, m.duplicate_count, m.received_at,
  m.processed_at, (SELECT b.booking_number FROM booking b
    WHERE b.org_id = m.org_id AND b.id = m.booking_id) AS booking_number`;

/** A message as people see it. */
export function toMessage(row: InboundMessageRow): InboundMessageResource {
  return {
    id: row.id,
    connection_id: row.connection_id,
    trigger: row.trigger,
    status: row.status,
    action: row.action,
    summary: row.summary,
    warning: row.warning,
    signature_state: row.signature_state,
    booking_id: row.booking_id,
    booking_number: row.booking_number,
    error_code: row.error_code,
    error: row.error,
    duplicate_count: row.duplicate_count,
    received_at: row.received_at.toISOString(),
    processed_at: row.processed_at?.toISOString() ?? null,
  };
}
