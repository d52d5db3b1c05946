import { isRecord } from "../../domain/is-record.ts";
import { isCleanText } from "../clean-text.ts";
import { readTimes } from "./fields.ts";
import { bookmeEvents, isEvent, nearestEvent, schemaOf } from "./schema.ts";

/** What is wrong with one member of a message. */
export interface PayloadIssue {
  readonly path: (string | number)[];
  readonly message: string;
  /** An error code of the hub, where it has one for this. */
  readonly code?: "E_EVENT_UNKNOWN";
  /** The words that the member may be, where they are few. */
  readonly values?: string[];
}

/**
 * Everything that keeps a body from being understood, for whoever sent it. It quotes nothing of the
 * body.
 * @returns an empty list for a body that is understood
 */
export function explainPayload(body: unknown): PayloadIssue[] {
  if (!isRecord(body)) return [{ path: [], message: "Has to be a JSON object." }];
  const event = body["event"] ?? "booking.created";
  if (typeof event !== "string") return [{ path: ["event"], message: "Has to be a text." }];
  if (!isEvent(event)) return [unknownEvent(event)];
  const parsed = schemaOf(event).safeParse(body);
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) => ({
      path: path.map((step) => (typeof step === "symbol" ? String(step) : step)),
      message,
    }));
  }
  if (!isCleanText(parsed.data.bookingId, 500)) {
    return [{ path: ["bookingId"], message: "Has to be printable, and no longer than 500." }];
  }
  const { state } = readTimes(parsed.data, "UTC");
  if (state === "missing" && parsed.data.duration != null) {
    return [{ path: ["scheduledDate"], message: "Has to come with a duration." }];
  }
  const isWrong = state === "wrong";
  return isWrong ? [{ path: ["scheduledDate"], message: "Has to be a time, by ISO 8601." }] : [];
}

function unknownEvent(event: string): PayloadIssue {
  return {
    code: "E_EVENT_UNKNOWN",
    path: ["event"],
    message: `Is no event that is known. Did you mean ${nearestEvent(event)}?`,
    values: [...bookmeEvents],
  };
}
