import type { Interpretation } from "../connector.ts";
import type { ErrorCode } from "../../errors.ts";

/** Why a message of Cal.com cannot be understood. */
const problems = {
  noObject: ["E_MESSAGE_SHAPE", "the body is no object"],
  noTrigger: ["E_MESSAGE_SHAPE", "triggerEvent is missing: custom payload templates are not read"],
  payload: ["E_MESSAGE_SHAPE", "the payload is no object"],
  booking: ["E_MESSAGE_SHAPE", "the booking does not have the documented shape"],
  uid: ["E_MESSAGE_SHAPE", "the booking's uid is longer than 500 characters or not printable"],
  startTime: ["E_TIME_INVALID", "startTime is no time"],
  endTime: ["E_TIME_INVALID", "endTime is no time"],
  timeOrder: ["E_TIME_ORDER", "endTime lies before startTime"],
} as const satisfies Record<string, readonly [ErrorCode, string]>;

export type Problem = keyof typeof problems;

/**
 * The outcome for a message that cannot be understood. None of these goes away by itself: the
 * message is processed again after a fix, not retried.
 * @param where what exactly is wrong, for example the path of a field
 */
export function failed(trigger: string | null, problem: Problem, where?: string): Interpretation {
  const [code, words] = problems[problem];
  const reason = where === undefined ? words : `${words}: ${where}`;
  return { outcome: "failed", trigger, code, reason };
}
