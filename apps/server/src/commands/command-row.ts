import type {
  BookingResource,
  CommandKind,
  CommandResource,
  CommandStatus,
} from "@slotwire/contract";
import type { Connector } from "../connectors/connector.ts";
import type { Queryable } from "../db/database.ts";
import { type KnownContacts, knownContacts, maskText } from "../domain/views/known-contacts.ts";
import type { Detail } from "../domain/views/view.ts";

/** A command as it is stored, with what people know its booking and its source by. */
export interface CommandRow {
  readonly org_id: string;
  readonly id: string;
  readonly booking_id: string;
  readonly connection_id: string;
  readonly connection_kind: string;
  readonly booking: BookingResource;
  readonly kind: CommandKind;
  readonly payload: {
    readonly starts_at?: string;
    readonly ends_at?: string;
    readonly absent?: boolean;
  };
  readonly reason: string | null;
  readonly status: CommandStatus;
  readonly expected_version: number;
  readonly idempotency_key: string;
  readonly requested_by_kind: "user" | "api_key";
  readonly requested_by_id: string | null;
  readonly requested_by_name: string | null;
  readonly event_id: string | null;
  readonly problem_code: string | null;
  readonly problem: string | null;
  readonly attempts: number;
  readonly next_attempt_at: Date | null;
  readonly created_at: Date;
  readonly sent_at: Date | null;
  readonly accepted_at: Date | null;
  readonly settled_at: Date | null;
}

const columns = `
  c.org_id, c.id, c.booking_id, c.connection_id, n.kind AS connection_kind, c.kind, c.payload,
  c.reason, c.status, c.expected_version, c.idempotency_key, c.requested_by_kind,
  c.requested_by_id, c.requested_by_name, c.event_id, c.problem_code, c.problem, c.attempts,
  c.next_attempt_at, c.created_at, c.sent_at, c.accepted_at, c.settled_at,
  booking_resource(b) AS booking`;

/**
 * Reads commands with their bookings, the newest first.
 * @param where a condition over `c` (the command), `b` (its booking); `$1` is the organisation
 */
export function selectCommands(
  tx: Queryable,
  where: string,
  values: readonly unknown[],
): Promise<CommandRow[]> {
  return tx.query<CommandRow>(
    `SELECT ${columns}
       FROM command c
       JOIN booking b ON b.org_id = c.org_id AND b.id = c.booking_id
       JOIN connection n ON n.org_id = c.org_id AND n.id = c.connection_id
      WHERE c.org_id = $1 AND ${where}`,
    [...values],
  );
}

/** A command as somebody is shown it. What people and sources wrote is masked as a booking's is. */
export function toCommand(
  row: CommandRow,
  connectors: ReadonlyMap<string, Connector>,
  detail: Detail,
): CommandResource {
  const { payload } = row;
  const text = textFor(row.booking, detail);
  return {
    id: row.id,
    booking_id: row.booking_id,
    booking_number: row.booking.booking_number,
    connection_id: row.connection_id,
    source_name: connectors.get(row.connection_kind)?.label ?? row.connection_kind,
    kind: row.kind,
    starts_at: payload.starts_at ?? null,
    ends_at: payload.ends_at ?? null,
    absent: payload.absent ?? null,
    reason: row.reason && text(row.reason),
    status: row.status,
    expected_version: row.expected_version,
    requested_by: {
      kind: row.requested_by_kind,
      id: row.requested_by_id,
      name: row.requested_by_name && text(row.requested_by_name),
    },
    problem:
      row.problem_code === null
        ? null
        : { code: row.problem_code, message: text(row.problem ?? "") ?? "" },
    event_id: row.event_id,
    attempts: row.attempts,
    next_attempt_at: row.next_attempt_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    sent_at: row.sent_at?.toISOString() ?? null,
    accepted_at: row.accepted_at?.toISOString() ?? null,
    settled_at: row.settled_at?.toISOString() ?? null,
  };
}

function textFor(booking: BookingResource, detail: Detail): (text: string) => string | null {
  if (detail === "full") return (text) => text;
  if (detail === "ids") return () => null;
  let known: KnownContacts | null = null;
  return (text) => maskText(text, (known ??= knownContacts(booking)));
}
