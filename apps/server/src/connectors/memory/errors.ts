import type { Interpretation } from "../connector.ts";
import type { ErrorCode } from "../../errors.ts";

/** Why a message cannot be understood. */
const problems = {
  noObject: ["E_MESSAGE_SHAPE", "the body is no object"],
  noEvent: ["E_MESSAGE_SHAPE", "event is missing"],
  shape: ["E_MESSAGE_SHAPE", "the message does not have the documented shape"],
  id: ["E_MESSAGE_SHAPE", "the booking's id cannot be stored"],
  times: ["E_TIME_INVALID", "starts_at or ends_at is no time"],
  timeOrder: ["E_TIME_ORDER", "ends_at lies before starts_at"],
} as const satisfies Record<string, readonly [ErrorCode, string]>;

export type Problem = keyof typeof problems;

/**
 * The outcome for a message that cannot be understood.
 * @param where what exactly is wrong, for example the path of a field
 */
export function failed(trigger: string | null, problem: Problem, where?: string): Interpretation {
  const [code, words] = problems[problem];
  const reason = where === undefined ? words : `${words}: ${where}`;
  return { outcome: "failed", trigger, code, reason };
}
