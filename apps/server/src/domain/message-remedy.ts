import type { InboundMessageStatus } from "@slotwire/contract";

/** What people can do about a message that came to nothing, by the code that it was kept with. */
const byCode: Readonly<Record<string, string>> = {
  E_JSON: "Look at the body: something between the source and the hub may have changed it.",
  E_TOO_DEEP: "Look at the body: it is nested too deeply to be a booking.",
  E_VALIDATION:
    "Look at the body. When the connector has learnt to read it, process the message again.",
  E_BOOKING_UNKNOWN:
    "Nothing: it is processed when its booking arrives. If it never does, compare with the source.",
  E_NOT_OWNER: "Make the change in the system that owns the booking.",
  E_TRANSITION: "Look at the booking: it is in a state that does not allow this.",
  E_ATTENDEE_UNKNOWN:
    "Compare the address in the message with the people of the booking, and correct it at the source.",
  E_EVENT_UNKNOWN: "Correct the word of its event at the source, and have it sent again.",
  E_INTERNAL: "Look for its id in the log, then process it again.",
  E_BODY_REMOVED: "Compare with the source: what the message said is gone.",
  E_NOT_MAPPED: "Map its fields at its connection; then it is processed.",
  E_API_KEY_MISSING: "Give the connection a key of its source's API, then process it again.",
};

/** What to do about a message; null when nothing has to be done. */
export function messageRemedy(message: {
  readonly status: InboundMessageStatus;
  readonly error_code: string | null;
}): string | null {
  if (message.error_code === null) return null;
  return byCode[message.error_code] ?? "Look at the body, then process it again.";
}
