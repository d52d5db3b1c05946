import type { ErrorCode } from "../../errors.ts";
import type { Interpretation } from "../connector.ts";

/** Why a message of Calendly cannot be understood. */
const problems = {
  noObject: ["E_MESSAGE_SHAPE", "the body is no object"],
  noEvent: ["E_MESSAGE_SHAPE", "event is missing"],
  shape: ["E_MESSAGE_SHAPE", "the invitee does not have the documented shape"],
  uri: ["E_MESSAGE_SHAPE", "the invitee's uri is longer than 500 characters or not printable"],
  start_time: ["E_TIME_INVALID", "start_time is no time"],
  end_time: ["E_TIME_INVALID", "end_time is no time"],
  timeOrder: ["E_TIME_ORDER", "end_time lies before start_time"],
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
