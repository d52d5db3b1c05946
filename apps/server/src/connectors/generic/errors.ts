import type { ErrorCode } from "../../errors.ts";
import type { Interpretation } from "../connector.ts";

/** Why a message cannot be understood. */
const problems = {
  event: ["E_MESSAGE_SHAPE", "what happened cannot be told"],
  id: ["E_MESSAGE_SHAPE", "the booking's id cannot be read"],
  start: ["E_MESSAGE_SHAPE", "missing start"],
  end: ["E_MESSAGE_SHAPE", "missing end: neither an end nor a duration is there"],
  times: ["E_TIME_INVALID", "a time cannot be read"],
  timeOrder: ["E_TIME_ORDER", "the end lies before the start"],
} as const satisfies Record<string, readonly [ErrorCode, string]>;

export type Problem = keyof typeof problems;

const MAX_WHERE = 300;

/**
 * The outcome for a message that cannot be understood.
 * @param where what exactly is wrong
 */
export function failed(trigger: string | null, problem: Problem, where?: string): Interpretation {
  const [code, words] = problems[problem];
  const reason = where === undefined ? words : `${words}: ${where.slice(0, MAX_WHERE)}`;
  return { outcome: "failed", trigger, code, reason };
}

/** The outcome for a message that waits until somebody says what it means. */
export function unmapped(trigger: string | null, reason: string): Interpretation {
  return { outcome: "failed", trigger, code: "E_NOT_MAPPED", reason, waits: true };
}
