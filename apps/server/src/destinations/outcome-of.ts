import { type Answer, attemptColumns } from "./answer.ts";
import type { AttemptResult } from "./attempt-delivery.ts";
import type { ClaimedRow, Outcome } from "./queries.ts";
import { nextAttemptAt, type RetryPlan } from "./retry-plan.ts";

/** A repetition of what ended so would end so again. */
const forGood: ReadonlySet<Answer["errorClass"]> = new Set(["gone", "rejected", "lease_lost"]);
/** Refusals of a request for what is in it: of a batch, one event may be to blame. */
const refusals: ReadonlySet<Answer["errorClass"]> = new Set(["http_4xx", "rejected"]);

const nothingSent = {
  next_attempt_at: null,
  delivered_at: null,
  at: null,
  status_code: null,
  error_class: null,
  error: null,
  hold_until: null,
  request_headers: null,
  request_body: null,
  batch_delivery_ids: null,
  response_headers: null,
  response_body: null,
  dns_ms: null,
  connect_ms: null,
  tls_ms: null,
  first_byte_ms: null,
  total_ms: null,
} as const;

/** What is known of an attempt beside its result. Instants are UTC. */
export interface AttemptFacts {
  /** When it began. */
  readonly at: Date;
  /** When it ended. */
  readonly now: Date;
  /** The request carried other events as well. */
  readonly isShared: boolean;
  /** Until when the destination asked to be left alone. */
  readonly holdUntil: Date | null;
}

/** What an attempt means for its delivery: delivered, to be tried again, or given up. */
export function outcomeOf(
  row: ClaimedRow,
  token: string,
  result: AttemptResult,
  plan: RetryPlan,
  facts: AttemptFacts,
): Outcome {
  const identity = identityOf(row, token);
  if ("skip" in result) {
    return { ...identity, ...nothingSent, status: "skipped", skip_reason: result.skip };
  }
  const { answer } = result;
  const isDelivered = answer.errorClass === null;
  const next = isDelivered ? null : nextAttempt(row, answer, plan, facts);
  return {
    ...identity,
    status: isDelivered ? "delivered" : next === null ? "exhausted" : "retrying",
    skip_reason: null,
    next_attempt_at: next,
    delivered_at: isDelivered ? facts.now : null,
    at: facts.at,
    hold_until: facts.holdUntil,
    ...attemptColumns(answer),
    batch_delivery_ids: result.batch,
  };
}

function nextAttempt(
  row: ClaimedRow,
  answer: Answer,
  plan: RetryPlan,
  { now, isShared }: AttemptFacts,
): Date | null {
  // What was refused together is sent one by one at once.
  if (isShared && refusals.has(answer.errorClass)) return now;
  if (forGood.has(answer.errorClass)) return null;
  return nextAttemptAt(plan, row.attempt_count + 1, answer.retryAfter, now);
}

const identityOf = (row: ClaimedRow, token: string) => ({
  org_id: row.org_id,
  destination_id: row.destination_id,
  delivery_id: row.delivery_id,
  lease_token: token,
});

/** The outcome that gives a lease back as if nothing had happened. */
export function releaseOf(row: ClaimedRow, token: string, now: Date): Outcome {
  return {
    ...nothingSent,
    ...identityOf(row, token),
    status: row.attempt_count === 0 ? "pending" : "retrying",
    skip_reason: null,
    next_attempt_at: now,
  };
}
