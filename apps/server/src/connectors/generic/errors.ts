import type { Interpretation } from "../connector.ts";
import { failures } from "../failure.ts";

const problems = {
  event: ["E_MESSAGE_SHAPE", "what happened cannot be told"],
  id: ["E_MESSAGE_SHAPE", "the booking's id cannot be read"],
  start: ["E_MESSAGE_SHAPE", "missing start"],
  end: ["E_MESSAGE_SHAPE", "missing end: neither an end nor a duration is there"],
  times: ["E_TIME_INVALID", "a time cannot be read"],
  timeOrder: ["E_TIME_ORDER", "the end lies before the start"],
} as const;

export type Problem = keyof typeof problems;

/** Why a message cannot be understood. */
export const failed = failures(problems);

/** The outcome for a message that waits until somebody says what it means. */
export function unmapped(trigger: string | null, reason: string): Interpretation {
  return { outcome: "failed", trigger, code: "E_NOT_MAPPED", reason, waits: true };
}
