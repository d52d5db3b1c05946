import type { ErrorCode } from "../../errors.ts";
import type { Interpretation } from "../connector.ts";

/** Why a message of the site cannot be understood. */
const problems = {
  noObject: ["E_MESSAGE_SHAPE", "the body is no object"],
  event: ["E_MESSAGE_SHAPE", "event is no text"],
  shape: ["E_MESSAGE_SHAPE", "the booking does not have the documented shape"],
  id: ["E_MESSAGE_SHAPE", "bookingId is longer than 500 characters or not printable"],
  scheduledDate: ["E_TIME_INVALID", "scheduledDate is no time"],
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
