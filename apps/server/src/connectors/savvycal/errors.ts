import type { ErrorCode } from "../../errors.ts";
import type { Interpretation } from "../connector.ts";

/** Why a message of SavvyCal cannot be understood. */
const problems = {
  noObject: ["E_MESSAGE_SHAPE", "the body is no object"],
  noType: ["E_MESSAGE_SHAPE", "type is missing"],
  shape: ["E_MESSAGE_SHAPE", "the event does not have the documented shape"],
  id: ["E_MESSAGE_SHAPE", "the event's id is longer than 500 characters or not printable"],
  times: ["E_TIME_INVALID", "start_at or end_at is no time"],
  timeOrder: ["E_TIME_ORDER", "end_at lies before start_at"],
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
