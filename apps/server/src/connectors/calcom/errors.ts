import { failures } from "../failure.ts";

const problems = {
  noObject: ["E_MESSAGE_SHAPE", "the body is no object"],
  noTrigger: ["E_MESSAGE_SHAPE", "triggerEvent is missing: custom payload templates are not read"],
  payload: ["E_MESSAGE_SHAPE", "the payload is no object"],
  booking: ["E_MESSAGE_SHAPE", "the booking does not have the documented shape"],
  uid: ["E_MESSAGE_SHAPE", "the booking's uid is longer than 500 characters or not printable"],
  startTime: ["E_TIME_INVALID", "startTime is no time"],
  endTime: ["E_TIME_INVALID", "endTime is no time"],
  timeOrder: ["E_TIME_ORDER", "endTime lies before startTime"],
} as const;

export type Problem = keyof typeof problems;

/** Why a message of Cal.com cannot be understood. */
export const failed = failures(problems);
