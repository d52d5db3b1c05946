import type { ErrorCode } from "../../errors.ts";
import type { Interpretation } from "../connector.ts";

/** Why a message of Acuity cannot be understood. */
const problems = {
  noObject: ["E_MESSAGE_SHAPE", "the body is no form"],
  noAction: ["E_MESSAGE_SHAPE", "action is missing"],
  id: ["E_MESSAGE_SHAPE", "id is no number of an appointment"],
} as const satisfies Record<string, readonly [ErrorCode, string]>;

export type Problem = keyof typeof problems;

/** The outcome for a message that cannot be understood. */
export function failed(trigger: string | null, problem: Problem): Interpretation {
  const [code, reason] = problems[problem];
  return { outcome: "failed", trigger, code, reason };
}
