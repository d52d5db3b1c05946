import { failures } from "../failure.ts";

const problems = {
  noObject: ["E_MESSAGE_SHAPE", "the body is no object"],
  noEvent: ["E_MESSAGE_SHAPE", "event is missing"],
  shape: ["E_MESSAGE_SHAPE", "the invitee does not have the documented shape"],
  uri: ["E_MESSAGE_SHAPE", "the invitee's uri is longer than 500 characters or not printable"],
  start_time: ["E_TIME_INVALID", "start_time is no time"],
  end_time: ["E_TIME_INVALID", "end_time is no time"],
  timeOrder: ["E_TIME_ORDER", "end_time lies before start_time"],
} as const;

export type Problem = keyof typeof problems;

/** Why a message of Calendly cannot be understood. */
export const failed = failures(problems);
