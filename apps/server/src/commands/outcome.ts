import type { ErrorCode } from "../errors.ts";
import { SourceApiError } from "../connectors/source-api-error.ts";
import type { Changes } from "../db/claim.ts";
import type { ClaimedCommand } from "./command-queue.ts";
import { AWAIT_LONGER, nextTry } from "./patience.ts";

/** Why a command is not done, in the words that people read. */
export interface Problem {
  readonly code: ErrorCode | "E_SOURCE_REFUSED" | "E_SOURCE_UNAVAILABLE" | "E_SOURCE_KEY";
  readonly message: string;
}

const settled = (now: Date): Changes => ({ settled_at: now, next_attempt_at: null });
const noProblem: Changes = { problem_code: null, problem: null };
const because = ({ code, message }: Problem): Changes => ({
  problem_code: code,
  problem: message,
});

/** The booking is as it was wanted. */
export const confirmed = (now: Date): Changes => ({
  status: "confirmed",
  ...settled(now),
  ...noProblem,
});

/** The source, or the booking's state, says no. */
export const refused = (now: Date, problem: Problem): Changes => ({
  status: "refused",
  ...settled(now),
  ...because(problem),
});

/** It took too long. */
export const expired = (now: Date, problem: Problem): Changes => ({
  status: "expired",
  ...settled(now),
  ...because(problem),
});

/** The source took it; its effect is looked for at `look`, until `until`. */
export const accepted = (
  now: Date,
  { look, until, uid }: { readonly look: Date; readonly until: Date; readonly uid: string | null },
): Changes => ({
  status: "accepted",
  accepted_at: now,
  result_uid: uid,
  next_attempt_at: look,
  expires_at: until,
  ...noProblem,
});

/** What is known of a failure beside its error. */
export interface Failure {
  readonly now: Date;
  /** The product's name. */
  readonly sourceName: string;
  /** The source turned the command itself away, so it took no effect. */
  readonly isTurnedAway?: boolean;
}

/**
 * What comes of a call that failed: an end, or another try. A command whose answer is lost stays
 * `sending`, as it may have taken effect.
 */
export function failed(command: ClaimedCommand, error: unknown, failure: Failure): Changes {
  const { now, sourceName, isTurnedAway = false } = failure;
  const known = error instanceof SourceApiError ? error : null;
  if (known !== null && !known.mayPass) return refused(now, finalProblem(known, sourceName));
  const problem = passingProblem(known, sourceName);
  const longer = command.status === "accepted" ? AWAIT_LONGER : 0;
  const end = command.expires_at.getTime() + longer;
  const wanted = Math.max(
    nextTry(command.attempts, now).getTime(),
    now.getTime() + (known?.retryAfterSeconds ?? 0) * 1000,
  );
  if (now.getTime() >= end || (isTurnedAway && wanted > end)) return expired(now, problem);
  return {
    ...(isTurnedAway ? { status: "queued" } : {}),
    // The last try looks whether an earlier one took effect.
    next_attempt_at: new Date(Math.min(wanted, end)),
    ...because(problem),
  };
}

function finalProblem(error: SourceApiError, sourceName: string): Problem {
  return { code: error.code, message: error.describe(sourceName) };
}

function passingProblem(error: SourceApiError | null, sourceName: string): Problem {
  if (error === null) {
    return { code: "E_INTERNAL", message: "Something went wrong inside the hub." };
  }
  return { code: "E_SOURCE_UNAVAILABLE", message: error.describe(sourceName) };
}
