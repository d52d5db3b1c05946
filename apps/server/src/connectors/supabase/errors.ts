import { failures } from "../failure.ts";

const problems = {
  noObject: ["E_MESSAGE_SHAPE", "the body is no object"],
  noEvent: ["E_MESSAGE_SHAPE", "the body names neither an event nor a table"],
  id: ["E_MESSAGE_SHAPE", "the booking's id is longer than 500 characters or not printable"],
  start: ["E_TIME_INVALID", "the start is no time"],
  end: ["E_TIME_INVALID", "the end is no time"],
  order: ["E_TIME_ORDER", "the end is before the start"],
} as const;

export type Problem = keyof typeof problems;

/** Why a message cannot be understood. */
export const failed = failures(problems);
