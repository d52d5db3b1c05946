import { type NewAlert, openAlert } from "../../alerts/open-alert.ts";
import { type Queryable, system, tenant } from "../../db/database.ts";
import { MAX_REFUSED } from "../../domain/describe-alert.ts";
import type { DestinationDeps } from "../destination-deps.ts";
import { disableDestination } from "../disable-destination.ts";

const HOUR = 60 * 60 * 1000;
/** Of the patience with a destination, in percent: when people are told. */
const WARNINGS = [90, 70, 50] as const;
/** From here on it is urgent. */
const CRITICAL = 90;

type WatchDeps = Pick<DestinationDeps, "db" | "clock" | "wake">;

/** A destination where nothing has arrived for half of its patience. */
interface Failing {
  readonly org_id: string;
  readonly id: string;
  readonly failing_since: Date;
  readonly patience_hours: number;
  /** It was tried once more after its patience was over. */
  readonly is_overdue: boolean;
}

/**
 * Looks at the destinations where nothing arrives: warns when half of the patience with them is
 * used up, and twice more, and disables them after it. Resolves what is right again. Looking twice
 * is looking once.
 */
export async function watchDestinations(deps: WatchDeps): Promise<void> {
  const failing = await deps.db.transaction(system, (tx) => selectFailing(tx, deps.clock.now()));
  for (const one of failing) {
    if (one.is_overdue) await disable(deps, one);
    else await warn(deps, one);
  }
  await tellOfDisabled(deps);
  const refused = await tellOfRefused(deps);
  await deps.db.transaction(system, (tx) => resolveOver(tx, deps.clock.now(), refused));
  deps.wake.signal("deliveries");
}

/**
 * A hub that was off for days has tried nothing meanwhile: only an attempt that failed when the
 * patience was over ends it.
 */
function selectFailing(tx: Queryable, now: Date): Promise<Failing[]> {
  return tx.query<Failing>(
    `SELECT d.org_id, d.id, d.failing_since, d.patience_hours,
            EXISTS (
              SELECT FROM delivery w
                JOIN delivery_attempt a ON a.org_id = w.org_id AND a.delivery_id = w.id
               WHERE w.org_id = d.org_id AND w.destination_id = d.id AND w.status = 'retrying'
                 AND a.at >= d.failing_since + d.patience_hours * interval '1 hour') AS is_overdue
       FROM destination d
      WHERE d.status = 'active' AND d.deleted_at IS NULL
        AND d.failing_since <= $1::timestamptz - d.patience_hours * interval '30 minutes'`,
    [now],
  );
}

async function disable(deps: WatchDeps, one: Failing): Promise<void> {
  const hours = one.patience_hours === 1 ? "an hour" : `${one.patience_hours} hours`;
  const reason = `Nothing that was sent to it has arrived for ${hours}.`;
  await disableDestination(deps, one.org_id, one.id, reason, one.failing_since);
}

async function warn({ db, clock }: WatchDeps, one: Failing): Promise<void> {
  const patience = one.patience_hours * HOUR;
  const since = one.failing_since.getTime();
  const isDue = (step: number): boolean => since + (patience * step) / 100 <= clock.now().getTime();
  const percent = WARNINGS.find(isDue) ?? 50;
  await open(db, {
    orgId: one.org_id,
    kind: "destination_failing",
    connectionId: null,
    destinationId: one.id,
    severity: percent >= CRITICAL ? "critical" : "warning",
    params: { percent, hours: one.patience_hours },
    seenAt: new Date(since + (patience * percent) / 100),
  });
}

/** Whoever disabled them: this, or an answer of 410. */
async function tellOfDisabled({ db }: WatchDeps): Promise<void> {
  const rows = await db.transaction(system, (tx) =>
    tx.query<{ org_id: string; id: string; disabled_at: Date; disabled_reason: string | null }>(
      `SELECT org_id, id, disabled_at, disabled_reason FROM destination
        WHERE status = 'disabled' AND deleted_at IS NULL AND disabled_at IS NOT NULL`,
    ),
  );
  for (const row of rows) {
    await open(db, {
      orgId: row.org_id,
      kind: "destination_disabled",
      connectionId: null,
      destinationId: row.id,
      params: row.disabled_reason === null ? {} : { reason: row.disabled_reason },
      seenAt: row.disabled_at,
    });
  }
}

/**
 * Deliveries that were given up. A later one that arrives does not bring them: they count until each
 * has arrived by being sent again, or somebody has said that it is over.
 * @returns the destinations with such deliveries
 */
async function tellOfRefused({ db }: WatchDeps): Promise<string[]> {
  const rows = await db.transaction(system, selectRefused);
  for (const row of rows) {
    await open(db, {
      orgId: row.org_id,
      kind: "deliveries_refused",
      connectionId: null,
      destinationId: row.id,
      params: { total: row.total, answered: row.answered, errorClass: row.error_class },
      seenAt: row.seen_at,
    });
  }
  return rows.map(({ id }) => id);
}

interface Refused {
  readonly org_id: string;
  readonly id: string;
  readonly total: number;
  readonly answered: number | null;
  readonly error_class: string | null;
  readonly seen_at: Date;
}

/** Of what was sent anew, the first delivery stands for all. A 410 disables, which is told as that. */
function selectRefused(tx: Queryable): Promise<Refused[]> {
  return tx.query<Refused>(
    `SELECT d.org_id, d.id, count(DISTINCT w.first_id)::int AS total, max(w.at) AS seen_at,
            (array_agg(w.last_status_code ORDER BY w.at DESC))[1] AS answered,
            (array_agg(w.error_class ORDER BY w.at DESC))[1] AS error_class
       FROM destination d
      CROSS JOIN LATERAL (
        SELECT coalesce(r.replay_of, r.id) AS first_id, r.last_status_code, r.error_class,
               coalesce((SELECT a.at FROM delivery_attempt a
                          WHERE a.org_id = r.org_id AND a.delivery_id = r.id
                          ORDER BY a.no DESC LIMIT 1), r.created_at) AS at
          FROM delivery r
         WHERE r.org_id = d.org_id AND r.destination_id = d.id AND r.status = 'exhausted'
           AND r.error_class IS DISTINCT FROM 'gone'
         ORDER BY r.id DESC LIMIT ${MAX_REFUSED}) w
      WHERE d.status <> 'disabled' AND d.deleted_at IS NULL
        AND NOT EXISTS (
          SELECT FROM delivery s
           WHERE s.org_id = d.org_id AND s.status = 'delivered'
             AND (s.id = w.first_id OR s.replay_of = w.first_id))
        AND NOT EXISTS (
          SELECT FROM alert l
           WHERE l.org_id = d.org_id AND l.key = 'deliveries_refused:' || d.id
             AND l.resolved_at >= w.at)
      GROUP BY d.org_id, d.id`,
  );
}

/** One by one: each waits for the destinations that are told of it. */
async function open(db: WatchDeps["db"], alert: NewAlert): Promise<void> {
  await db.transaction(tenant(alert.orgId), (tx) => openAlert(tx, alert));
}

/** What ends by itself: something arrived, it was resumed, or it is no more. */
async function resolveOver(tx: Queryable, now: Date, refused: readonly string[]): Promise<void> {
  await tx.query(
    `UPDATE alert a SET resolved_at = greatest($1::timestamptz, a.last_seen_at)
      WHERE a.resolved_at IS NULL AND a.destination_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM destination d
         WHERE d.org_id = a.org_id AND d.id = a.destination_id AND d.deleted_at IS NULL
           AND CASE a.kind
                 WHEN 'destination_failing'
                   THEN d.status <> 'disabled' AND d.failing_since < a.opened_at
                 WHEN 'deliveries_refused' THEN d.id = ANY ($2::uuid[])
                 ELSE d.status = 'disabled' END)`,
    [now, refused],
  );
}
