import { failures } from "../failure.ts";

const problems = {
  noObject: ["E_MESSAGE_SHAPE", "the body is no form"],
  noAction: ["E_MESSAGE_SHAPE", "action is missing"],
  id: ["E_MESSAGE_SHAPE", "id is no number of an appointment"],
} as const;

/** Why a message of Acuity cannot be understood. */
export const failed = failures(problems);
