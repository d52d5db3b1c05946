import { attemptColumns } from "./answer.ts";
import type { AttemptResult } from "./attempt-delivery.ts";
import type { ClaimedRow, Outcome } from "./queries.ts";
import { nextAttemptAt, type RetryPlan } from "./retry-plan.ts";

const nothingSent = {
  next_attempt_at: null,
  delivered_at: null,
  at: null,
  status_code: null,
  error_class: null,
  error: null,
  request_headers: null,
  request_body: null,
  response_headers: null,
  response_body: null,
  dns_ms: null,
  connect_ms: null,
  tls_ms: null,
  first_byte_ms: null,
  total_ms: null,
} as const;

/**
 * What an attempt means for its delivery: delivered, to be tried again, or given up.
 * @param at when the attempt began, UTC
 * @param now when it ended, UTC
 */
export function outcomeOf(
  row: ClaimedRow,
  token: string,
  result: AttemptResult,
  plan: RetryPlan,
  { at, now }: { readonly at: Date; readonly now: Date },
): Outcome {
  const identity = { org_id: row.org_id, delivery_id: row.delivery_id, lease_token: token };
  if ("skip" in result) {
    return { ...identity, ...nothingSent, status: "skipped", skip_reason: result.skip };
  }
  const { answer } = result;
  const isForGood = answer.errorClass === "gone" || answer.errorClass === "lease_lost";
  const isDelivered = answer.errorClass === null;
  const next =
    isDelivered || isForGood
      ? null
      : nextAttemptAt(plan, row.attempt_count + 1, answer.retryAfter, now);
  return {
    ...identity,
    status: isDelivered ? "delivered" : next === null ? "exhausted" : "retrying",
    skip_reason: null,
    next_attempt_at: next,
    delivered_at: isDelivered ? now : null,
    at,
    ...attemptColumns(answer),
  };
}

/** The outcome that gives a lease back as if nothing had happened. */
export function releaseOf(row: ClaimedRow, token: string, now: Date): Outcome {
  return {
    ...nothingSent,
    org_id: row.org_id,
    delivery_id: row.delivery_id,
    lease_token: token,
    status: row.attempt_count === 0 ? "pending" : "retrying",
    skip_reason: null,
    next_attempt_at: now,
  };
}
