import { type BookingStatus, bookingStatuses } from "@slotwire/contract";
import { type Database, tenant } from "../../src/db/database.ts";
import { isAllowed } from "../../src/domain/transitions.ts";

interface EventRow {
  readonly seq: number;
  readonly booking_id: string;
  readonly old_status: BookingStatus | null;
  readonly new_status: BookingStatus;
  readonly recorded_at: Date;
  readonly irregular: boolean;
  readonly previous: { readonly starts_at?: string; readonly ends_at?: string };
  readonly booking: { readonly starts_at: string; readonly ends_at: string };
}

/** Questions whose answers are mistakes: each row of one is a finding. */
const questions: Readonly<Record<string, string>> = {
  "a booking is in no state of the table": `
    SELECT id, status FROM booking WHERE NOT status = ANY($1)`,
  "a booking ends before it starts": `
    SELECT id, starts_at, ends_at, cardinality($1::text[]) FROM booking WHERE ends_at < starts_at`,
  "the log has gaps": `
    SELECT count(*), min(seq), max(seq), cardinality($1::text[]) FROM booking_event
    HAVING count(*) > 0 AND (min(seq) <> 1 OR max(seq) <> count(*))`,
  "a booking's versions have gaps, or its last event says another state": `
    SELECT b.id, b.version, b.status, e.events, e.last, e.states, cardinality($1::text[])
      FROM booking b
      LEFT JOIN (SELECT booking_id, count(*) AS events, max(booking_version) AS last,
                        (array_agg(new_status ORDER BY booking_version DESC))[1] AS states
                   FROM booking_event GROUP BY booking_id) e ON e.booking_id = b.id
     WHERE b.deleted_at IS NULL
       AND (e.events IS DISTINCT FROM b.version OR e.last IS DISTINCT FROM b.version
            OR e.states IS DISTINCT FROM b.status)`,
  "an event does not begin where the one before it ended": `
    SELECT * FROM (
      SELECT booking_id, booking_version, old_status, cardinality($1::text[]),
             lag(new_status) OVER (PARTITION BY booking_id ORDER BY booking_version) AS before
        FROM booking_event) step
     WHERE old_status IS DISTINCT FROM before`,
  "a uid in use is several bookings', or nobody's": `
    SELECT r.connection_id, r.external_id, count(b.id), cardinality($1::text[])
      FROM booking_external_ref r
      LEFT JOIN booking b ON b.org_id = r.org_id AND b.id = r.booking_id AND b.deleted_at IS NULL
     WHERE r.kind = 'uid' AND r.superseded_at IS NULL
     GROUP BY r.connection_id, r.external_id HAVING count(b.id) <> 1`,
  "a booking goes by no uid": `
    SELECT b.id, cardinality($1::text[]) FROM booking b
     WHERE b.deleted_at IS NULL AND b.owner_connection_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM booking_external_ref r
                        WHERE r.org_id = b.org_id AND r.booking_id = b.id AND r.kind = 'uid')`,
  "something broke inside the hub over a message": `
    SELECT id, trigger, status, error, cardinality($1::text[]) FROM inbound_message
     WHERE error_code = 'E_INTERNAL'`,
};

/** A mistake in the ledger, and the rows that show it. */
export interface Mistake {
  readonly what: string;
  readonly rows: readonly unknown[];
}

/**
 * Whether the ledger holds together: every rule that holds whatever sources send.
 * @param after the `seq` up to which the log was looked at before
 */
export async function checkLedger(
  db: Database,
  orgId: string,
  after: number,
): Promise<{ mistakes: readonly Mistake[]; lastSeq: number }> {
  return db.transaction(tenant(orgId), async (tx) => {
    const mistakes: Mistake[] = [];
    for (const [what, sql] of Object.entries(questions)) {
      const rows = await tx.query<object>(`${sql} LIMIT 3`, [[...bookingStatuses]]);
      if (rows.length > 0) mistakes.push({ what, rows });
    }
    const events = await tx.query<EventRow>(
      `SELECT seq, booking_id, old_status, new_status, recorded_at, irregular,
              jsonb_build_object('starts_at', previous -> 'starts_at',
                                 'ends_at', previous -> 'ends_at') AS previous,
              jsonb_build_object('starts_at', booking -> 'starts_at',
                                 'ends_at', booking -> 'ends_at') AS booking
         FROM booking_event WHERE seq > $1 ORDER BY seq`,
      [after],
    );
    const odd = events.filter((event) => !isExplained(event));
    if (odd.length > 0)
      mistakes.push({ what: "a step is neither allowed nor irregular", rows: odd });
    return { mistakes, lastSeq: events.at(-1)?.seq ?? after };
  });
}

/** By the times that the booking had before the step. */
function isExplained(event: EventRow): boolean {
  const {
    old_status: from,
    new_status: to,
    irregular,
    previous,
    booking,
    recorded_at: now,
  } = event;
  if (irregular || from === to) return true;
  return isAllowed(from ?? "new", to, {
    fromOwner: true,
    ownedBySource: true,
    mayCorrect: false,
    backfill: false,
    now,
    startsAt: previous.starts_at ?? booking.starts_at,
    endsAt: previous.ends_at ?? booking.ends_at,
  });
}
