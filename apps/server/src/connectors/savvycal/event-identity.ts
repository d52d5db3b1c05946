import { isRecord } from "../../domain/is-record.ts";

/**
 * Two webhooks of one account tell an event under ids of their own: it is known by its type, what
 * it is about and when it happened.
 */
export function eventIdentity(body: unknown): string | null {
  if (!isRecord(body) || !isRecord(body["payload"])) return null;
  const { type, occurred_at: at, payload } = body;
  const { id } = payload;
  if (typeof type !== "string" || typeof id !== "string" || typeof at !== "string") return null;
  return JSON.stringify([type, id, at]);
}
