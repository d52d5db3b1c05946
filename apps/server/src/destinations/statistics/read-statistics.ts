import {
  type DestinationStatistics,
  type DestinationStatisticsQuery,
  MAX_STATISTICS_DAYS,
} from "@slotwire/contract";
import { tenant } from "../../db/database.ts";
import { firstUuid7At } from "../../db/first-uuid7-at.ts";
import { SlotwireError } from "../../errors.ts";
import type { DestinationDeps } from "../destination-deps.ts";
import {
  type AnswerRow,
  type FigureRow,
  type IdSpan,
  MOST_DELIVERIES,
  MOST_OPEN,
  selectAnswers,
  selectFigures,
  selectStandings,
} from "./queries.ts";

const DAY = 24 * 60 * 60 * 1000;

/**
 * How each destination fared with what was made in a span, the last 24 hours unless given, and all
 * of them that are not disabled together.
 * @throws SlotwireError E_VALIDATION when the span is empty or too long
 */
export async function readStatistics(
  { db, clock }: Pick<DestinationDeps, "db" | "clock">,
  orgId: string,
  query: DestinationStatisticsQuery,
): Promise<DestinationStatistics> {
  const { from, to } = spanOf(query, clock.now());
  const ids: IdSpan = [firstUuid7At(from), firstUuid7At(to)];
  const { figures, answers, standings } = await db.transaction(tenant(orgId), async (tx) => ({
    figures: await selectFigures(tx, ids),
    answers: await selectAnswers(tx, ids),
    standings: await selectStandings(tx),
  }));
  const about = (id: string | null) => figuresOf(figures.find(of(id)), answers.find(of(id)));
  const heard = standings.filter(({ is_disabled: isDisabled }) => !isDisabled);
  const open = heard.reduce((sum, one) => sum + one.open, 0);
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    whole: { ...about(null), open: Math.min(open, MOST_OPEN) },
    destinations: standings.map((one) => {
      const its = about(one.id);
      return {
        id: one.id,
        ...its,
        open: one.open,
        is_limited: its.deliveries === MOST_DELIVERIES,
        last_delivered_at: one.last_delivered_at?.toISOString() ?? null,
      };
    }),
  };
}

function spanOf(
  { from, to }: DestinationStatisticsQuery,
  now: Date,
): { readonly from: Date; readonly to: Date } {
  // An id of this very moment lies behind its millisecond's first one.
  const end = to === undefined ? new Date(now.getTime() + 1) : new Date(to);
  const start = from === undefined ? new Date(end.getTime() - DAY) : new Date(from);
  const length = end.getTime() - start.getTime();
  if (length <= 0 || length > MAX_STATISTICS_DAYS * DAY + 1) {
    const message = `Has to lie before \`to\`, by ${MAX_STATISTICS_DAYS} days at most.`;
    throw new SlotwireError("E_VALIDATION", { errors: [{ path: "query.from", message }] });
  }
  return { from: start, to: end };
}

/** Finds the row of a destination, or of all that are not disabled. */
const of =
  (id: string | null) =>
  (row: Pick<FigureRow, "destination_id" | "is_disabled">): boolean =>
    id === null
      ? row.destination_id === null && row.is_disabled === false
      : row.destination_id === id;

function figuresOf(figures: FigureRow | undefined, answers: AnswerRow | undefined) {
  const {
    deliveries = 0,
    sent = 0,
    delivered = 0,
    exhausted = 0,
    at_once: atOnce = 0,
  } = figures ?? {};
  return {
    deliveries,
    sent,
    delivered,
    exhausted,
    first_try_rate: share(atOnce, sent),
    final_rate: share(delivered, delivered + exhausted),
    p50_ms: answers?.p50_ms ?? null,
    p95_ms: answers?.p95_ms ?? null,
  };
}

/** Null where there is nothing to have a share of. */
const share = (part: number, all: number): number | null => (all === 0 ? null : part / all);
