import { failures } from "../failure.ts";

const problems = {
  noObject: ["E_MESSAGE_SHAPE", "the body is no object"],
  event: ["E_MESSAGE_SHAPE", "event is no text"],
  unknownEvent: ["E_EVENT_UNKNOWN", "its event is not known"],
  shape: ["E_MESSAGE_SHAPE", "the booking does not have the documented shape"],
  id: ["E_MESSAGE_SHAPE", "bookingId is longer than 500 characters or not printable"],
  scheduledDate: ["E_TIME_INVALID", "scheduledDate is no time"],
} as const;

/** Why a message of the site cannot be understood. */
export const failed = failures(problems);
