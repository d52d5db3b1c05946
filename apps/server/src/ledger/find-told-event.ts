import type { BookingStatus } from "@slotwire/contract";
import { type Database, tenant } from "../db/database.ts";

/** An event of a booking that somebody outside tells the hub about. */
export interface ToldEvent {
  readonly eventId: string;
  readonly bookingId: string;
  /** The booking's state now. */
  readonly status: BookingStatus;
}

/** A step from one state to another. */
export interface StatusStep {
  readonly from: BookingStatus;
  readonly to: BookingStatus;
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * The booking that goes by an id: the hub's, or one that a source gave it.
 * @returns its id and state, or null when the organisation has none
 */
export async function findToldBooking(
  { db }: { readonly db: Database },
  orgId: string,
  id: string,
): Promise<Pick<ToldEvent, "bookingId" | "status"> | null> {
  // PostgreSQL refuses such a text: no booking can go by it.
  if (id.includes("\0") || !id.isWellFormed()) return null;
  const rows = await db.transaction(tenant(orgId), (tx) =>
    tx.query<{ id: string; status: BookingStatus }>(
      `SELECT b.id, b.status FROM booking b
        WHERE b.org_id = $1 AND b.deleted_at IS NULL AND b.id = coalesce($2::uuid,
              (SELECT r.booking_id FROM booking_external_ref r
                WHERE r.org_id = $1 AND r.external_id = $3 AND r.kind = 'uid'
                ORDER BY r.superseded_at NULLS FIRST LIMIT 1))`,
      [orgId, uuid.test(id) ? id : null, id],
    ),
  );
  const row = rows[0];
  return row === undefined ? null : { bookingId: row.id, status: row.status };
}

/**
 * The latest event of a booking, or the latest that took this step.
 * @returns null when it never took the step
 */
export async function findToldEvent(
  { db }: { readonly db: Database },
  orgId: string,
  bookingId: string,
  step: StatusStep | null,
): Promise<string | null> {
  const rows = await db.transaction(tenant(orgId), (tx) =>
    tx.query<{ id: string }>(
      `SELECT id FROM booking_event
        WHERE org_id = $1 AND booking_id = $2
          AND ($3::text IS NULL OR (old_status = $3 AND new_status = $4))
        ORDER BY booking_version DESC LIMIT 1`,
      [orgId, bookingId, step?.from ?? null, step?.to ?? null],
    ),
  );
  return rows[0]?.id ?? null;
}
