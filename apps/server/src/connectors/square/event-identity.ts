import { isRecord } from "../../domain/is-record.ts";

/** Square numbers its events: a try that is repeated has the same `event_id`. */
export function eventIdentity(body: unknown): string | null {
  if (!isRecord(body)) return null;
  const { event_id: id } = body;
  return typeof id === "string" && id !== "" ? id : null;
}
