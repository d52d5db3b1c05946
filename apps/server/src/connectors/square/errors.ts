import { failures } from "../failure.ts";

const problems = {
  noObject: ["E_MESSAGE_SHAPE", "the body is no object"],
  noType: ["E_MESSAGE_SHAPE", "type is missing"],
  shape: ["E_MESSAGE_SHAPE", "the booking does not have the documented shape"],
  id: ["E_MESSAGE_SHAPE", "the booking's id is longer than 500 characters or not printable"],
  start_at: ["E_TIME_INVALID", "start_at is no time"],
} as const;

/** Why a message of Square cannot be understood. */
export const failed = failures(problems);
