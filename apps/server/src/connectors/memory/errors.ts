import { failures } from "../failure.ts";

const problems = {
  noObject: ["E_MESSAGE_SHAPE", "the body is no object"],
  noEvent: ["E_MESSAGE_SHAPE", "event is missing"],
  shape: ["E_MESSAGE_SHAPE", "the message does not have the documented shape"],
  id: ["E_MESSAGE_SHAPE", "the booking's id cannot be stored"],
  times: ["E_TIME_INVALID", "starts_at or ends_at is no time"],
  timeOrder: ["E_TIME_ORDER", "ends_at lies before starts_at"],
} as const;

export type Problem = keyof typeof problems;

/** Why a message cannot be understood. */
export const failed = failures(problems);
