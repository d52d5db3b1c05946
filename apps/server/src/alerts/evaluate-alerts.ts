import type { Clock } from "../clock.ts";
import { type Database, system, type Transaction } from "../db/database.ts";
import type { Wake } from "../db/wake.ts";
import { learnFields } from "./learn-fields.ts";
import { openAlert } from "./open-alert.ts";

/** What looking for alerts works with. */
export interface AlertDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly wake: Wake;
}

/**
 * Looks at all sources: opens alerts about those that went quiet and about messages that came to
 * nothing, and resolves what is right again. Looking twice is looking once.
 */
export async function evaluateAlerts(deps: AlertDeps): Promise<void> {
  await learnFields(deps);
  await deps.db.transaction(system, async (tx) => {
    await openQuietSources(tx, deps.clock.now());
    await openFailedMessages(tx);
    await resolveAlerts(tx, deps.clock.now());
  });
  deps.wake.signal("deliveries");
}

interface Seen {
  readonly org_id: string;
  readonly connection_id: string;
  readonly total: number;
  readonly seen_at: Date;
}

/** What a source tells by a message when it happens there. The end of a visit comes by the clock. */
const toldByMessages = `('booking.created', 'booking.confirmed', 'booking.rescheduled',
  'booking.cancelled', 'booking.rejected')`;

/**
 * A booking that was made or changed at the source after it was connected, that a comparison had to
 * put right here ten minutes later or more, and no message since: messages are not arriving. What
 * is older than a day says nothing of now.
 */
async function openQuietSources(tx: Transaction, now: Date): Promise<void> {
  const rows = await tx.query<Seen>(
    `SELECT f.org_id, f.connection_id, count(DISTINCT f.booking_id)::int AS total,
            max(f.created_at) AS seen_at
       FROM reconcile_finding f
       JOIN connection c ON c.org_id = f.org_id AND c.id = f.connection_id
        AND c.removed_at IS NULL AND c.status = 'active'
       JOIN booking_event e ON e.org_id = f.org_id AND e.booking_id = f.booking_id
        AND e.connection_id = f.connection_id AND e.inbound_message_id IS NULL
        AND e.event_type IN ${toldByMessages}
      WHERE f.kind IN ('missing', 'different') AND f.outcome = 'repaired'
        AND f.created_at > $1::timestamptz - interval '1 day'
        AND e.occurred_at > f.created_at - interval '1 day'
        AND e.occurred_at < f.created_at - interval '10 minutes'
        AND e.occurred_at > c.created_at
        AND NOT EXISTS (
          SELECT FROM inbound_message m
           WHERE m.org_id = f.org_id AND m.connection_id = f.connection_id
             AND m.received_at >= e.occurred_at)
      GROUP BY f.org_id, f.connection_id`,
    [now],
  );
  for (const row of rows) {
    await openAlert(tx, {
      orgId: row.org_id,
      kind: "source_quiet",
      connectionId: row.connection_id,
      params: { total: row.total },
      seenAt: row.seen_at,
    });
  }
}

/** Messages that could not be understood, or that were given up. A refusal is no failure. */
const failed = `m.status = 'failed' AND m.action IS NULL
  AND m.error_code IS DISTINCT FROM 'E_BODY_REMOVED'`;

async function openFailedMessages(tx: Transaction): Promise<void> {
  const rows = await tx.query<Seen>(
    `SELECT m.org_id, m.connection_id, count(*)::int AS total, max(m.processed_at) AS seen_at
       FROM inbound_message m
       JOIN connection c ON c.org_id = m.org_id AND c.id = m.connection_id AND c.removed_at IS NULL
      WHERE ${failed} AND m.processed_at IS NOT NULL
      GROUP BY m.org_id, m.connection_id`,
  );
  for (const row of rows) {
    await openAlert(tx, {
      orgId: row.org_id,
      kind: "message_failed",
      connectionId: row.connection_id,
      params: { total: row.total },
      seenAt: row.seen_at,
    });
  }
}

/** What ends by itself: a message that came in, no failed one left, a source that is removed. */
async function resolveAlerts(tx: Transaction, now: Date): Promise<void> {
  await tx.query(
    `UPDATE alert a SET resolved_at = greatest($1::timestamptz, a.last_seen_at)
      WHERE a.resolved_at IS NULL AND (
        (a.kind IN ('source_quiet', 'signatures_failing') AND EXISTS (
          SELECT FROM inbound_message m
           WHERE m.org_id = a.org_id AND m.connection_id = a.connection_id
             AND m.received_at > a.last_seen_at))
        OR (a.kind = 'message_failed' AND NOT EXISTS (
          SELECT FROM inbound_message m
           WHERE m.org_id = a.org_id AND m.connection_id = a.connection_id AND ${failed}))
        OR EXISTS (
          SELECT FROM connection c
           WHERE c.org_id = a.org_id AND c.id = a.connection_id AND c.removed_at IS NOT NULL))`,
    [now],
  );
}
