import type { BookingEvent } from "@slotwire/contract";
import { type Database, tenant } from "../db/database.ts";
import { ownershipOf, providersOf } from "../domain/views/own-event.ts";
import { showEvent } from "../domain/views/show-event.ts";
import type { Own, View } from "../domain/views/view.ts";
import { type BookingEventRow, eventFromRow, readEvents } from "./read-events.ts";

/** How much of the log one page looks through for somebody's own events. */
const WINDOW = 10_000;

/** A page of the log, and the position to go on from; null when there was nothing newer. */
export interface EventPage {
  readonly events: BookingEvent[];
  readonly next: number | null;
}

/**
 * Reads the log behind a position, as the view shows it. Whoever sees only their own bookings may be
 * given a page with fewer events than there were to come, or none: `next` says whether to go on.
 * @param after the last `seq` that was seen; 0 for the beginning
 */
export async function readEventLog(
  db: Database,
  view: View,
  after: number,
  limit: number,
): Promise<EventPage> {
  if (view.own !== null) return readOwnEvents(db, { ...view, own: view.own }, after, limit);
  const found = await readEvents(db, view.orgId, after, limit + 1);
  const events = found.slice(0, limit);
  const next = found.length > limit ? (events.at(-1)?.seq ?? null) : null;
  return { events: events.map((event) => showEvent(event, view.detail)), next };
}

interface OwnRow extends BookingEventRow {
  /** Whether the booking is theirs now. */
  readonly is_theirs: boolean;
}

async function readOwnEvents(
  db: Database,
  { orgId, own, detail }: View & { readonly own: Own },
  after: number,
  limit: number,
): Promise<EventPage> {
  const { rows, newest } = await db.transaction(tenant(orgId, own), async (tx) => ({
    rows: await tx.query<OwnRow>(
      `SELECT e.*, EXISTS (SELECT FROM booking b
                 WHERE b.org_id = e.org_id AND b.id = e.booking_id) AS is_theirs
         FROM booking_event e
        WHERE e.org_id = $1 AND e.seq > $2::bigint AND e.seq <= $2::bigint + ${WINDOW}
          AND $3 IN (lower(e.booking #>> '{provider,email}'),
                     lower(coalesce(e.previous #>> '{provider,email}',
                                    e.previous ->> 'provider_email')))
        ORDER BY e.seq
        LIMIT ${limit + 1}`,
      [orgId, after, own.providerEmail],
    ),
    newest: await tx.query<{ seq: number }>("SELECT seq FROM org_counter WHERE org_id = $1", [
      orgId,
    ]),
  }));
  const shown = rows.slice(0, limit);
  const isLookedThrough = after + WINDOW >= (newest[0]?.seq ?? 0);
  const rest = isLookedThrough ? null : after + WINDOW;
  const next = rows.length > limit ? (shown.at(-1)?.seq ?? null) : rest;
  return { events: shown.map((row) => showOwn(row, own, detail)), next };
}

/** Of what is no longer theirs they only hear that it is gone. */
function showOwn(row: OwnRow, own: Own, detail: View["detail"]): BookingEvent {
  const event = eventFromRow(row);
  const isTheirs = row.is_theirs && ownershipOf(providersOf(event), own) === "theirs";
  return showEvent(event, isTheirs ? detail : "left");
}
