import { failures } from "../failure.ts";

const problems = {
  noObject: ["E_MESSAGE_SHAPE", "the body is no object"],
  nothing: ["E_MESSAGE_SHAPE", "the body has neither an action nor a status"],
  id: ["E_MESSAGE_SHAPE", "booking_id is none of the hub's ids"],
} as const;

/** Why a message cannot be understood. */
export const failed = failures(problems);
