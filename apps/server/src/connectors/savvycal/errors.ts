import { failures } from "../failure.ts";

const problems = {
  noObject: ["E_MESSAGE_SHAPE", "the body is no object"],
  noType: ["E_MESSAGE_SHAPE", "type is missing"],
  shape: ["E_MESSAGE_SHAPE", "the event does not have the documented shape"],
  id: ["E_MESSAGE_SHAPE", "the event's id is longer than 500 characters or not printable"],
  times: ["E_TIME_INVALID", "start_at or end_at is no time"],
  timeOrder: ["E_TIME_ORDER", "end_at lies before start_at"],
} as const;

export type Problem = keyof typeof problems;

/** Why a message of SavvyCal cannot be understood. */
export const failed = failures(problems);
