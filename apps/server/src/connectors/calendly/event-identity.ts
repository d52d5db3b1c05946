import { isRecord } from "../../domain/is-record.ts";

/**
 * What a message tells: Calendly numbers its messages nowhere, so an event is known by its name,
 * the invitee, and when it happened. The two messages of two subscriptions differ in `created_by`.
 */
export function eventIdentity(body: unknown): string | null {
  if (!isRecord(body) || !isRecord(body["payload"])) return null;
  const { event, created_at: sentAt, payload } = body;
  const { uri, invitee, created_at: madeAt, updated_at: changedAt } = payload;
  if (typeof event !== "string" || typeof uri !== "string") return null;
  return JSON.stringify([event, uri, invitee ?? null, changedAt ?? madeAt ?? sentAt ?? null]);
}
