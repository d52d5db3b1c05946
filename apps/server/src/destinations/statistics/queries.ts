import type { Transaction } from "../../db/database.ts";

/** Of each destination so many deliveries are looked at, the newest ones. */
export const MOST_DELIVERIES = 5_000;
/** Open deliveries are counted up to here. */
export const MOST_OPEN = 10_000;

/** What became of some deliveries. */
export interface FigureRow {
  /** Null for all destinations that are disabled, or all that are not. */
  readonly destination_id: string | null;
  readonly is_disabled: boolean | null;
  readonly deliveries: number;
  readonly sent: number;
  readonly delivered: number;
  readonly exhausted: number;
  readonly at_once: number;
}

/** How long the answers took, in milliseconds. */
export interface AnswerRow extends Pick<FigureRow, "destination_id" | "is_disabled"> {
  readonly p50_ms: number;
  readonly p95_ms: number;
}

/** The ids of the first delivery that counts, and of the first one that does not any more. */
export type IdSpan = readonly [from: string, to: string];

/** By way of the index of each destination's deliveries, whose ids grow with time. */
const chosen = `
  chosen AS MATERIALIZED (
    SELECT d.org_id, d.id AS destination_id, d.status = 'disabled' AS is_disabled,
           w.id, w.status, w.attempt_count
      FROM destination d
     CROSS JOIN LATERAL (
       SELECT id, status, attempt_count
         FROM delivery
        WHERE org_id = d.org_id AND destination_id = d.id AND id >= $1 AND id < $2
        ORDER BY id DESC
        LIMIT ${MOST_DELIVERIES}) w
     WHERE d.deleted_at IS NULL)`;

/** By destination, and of all disabled ones and all others. */
const grouped = "GROUP BY GROUPING SETS ((destination_id), (is_disabled))";

/** Counts what was made in a span. */
export function selectFigures(tx: Transaction, span: IdSpan): Promise<FigureRow[]> {
  return tx.query<FigureRow>(
    `WITH ${chosen}
     SELECT destination_id, is_disabled,
            count(*)::int AS deliveries,
            (count(*) FILTER (WHERE attempt_count > 0))::int AS sent,
            (count(*) FILTER (WHERE status = 'delivered'))::int AS delivered,
            (count(*) FILTER (WHERE status = 'exhausted'))::int AS exhausted,
            (count(*) FILTER (WHERE status = 'delivered' AND attempt_count = 1))::int AS at_once
       FROM chosen ${grouped}`,
    [...span],
  );
}

/** How long receivers took to answer what was made in a span. */
export function selectAnswers(tx: Transaction, span: IdSpan): Promise<AnswerRow[]> {
  return tx.query<AnswerRow>(
    `WITH ${chosen}
     SELECT destination_id, is_disabled,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY total_ms) AS p50_ms,
            percentile_cont(0.95) WITHIN GROUP (ORDER BY total_ms) AS p95_ms
       FROM chosen c
       JOIN delivery_attempt a ON a.org_id = c.org_id AND a.delivery_id = c.id
      WHERE a.status_code IS NOT NULL ${grouped}`,
    [...span],
  );
}

/** How a destination stands now. */
export interface StandingRow {
  readonly id: string;
  readonly is_disabled: boolean;
  readonly open: number;
  readonly last_delivered_at: Date | null;
}

/** All destinations, the newest first. */
export function selectStandings(tx: Transaction): Promise<StandingRow[]> {
  return tx.query<StandingRow>(
    `SELECT d.id, d.status = 'disabled' AS is_disabled, o.open, l.last_delivered_at
       FROM destination d
      CROSS JOIN LATERAL (
        SELECT count(*)::int AS open
          FROM (SELECT FROM delivery
                 WHERE org_id = d.org_id AND destination_id = d.id AND next_attempt_at IS NOT NULL
                 LIMIT ${MOST_OPEN}) w) o
      CROSS JOIN LATERAL (
        SELECT max(delivered_at) AS last_delivered_at
          FROM (SELECT delivered_at FROM delivery
                 WHERE org_id = d.org_id AND destination_id = d.id
                 ORDER BY id DESC
                 LIMIT ${MOST_DELIVERIES}) w) l
      WHERE d.deleted_at IS NULL
      ORDER BY d.id DESC`,
  );
}
