import { createHash } from "node:crypto";
import { isRecord } from "../../domain/is-record.ts";

/**
 * Triggers that can tell the same again about something new: marked, cleared, marked; one seat
 * taken, given up, and taken again. Two webhooks of one URL send within a minute.
 */
const repeatable = /^(BOOKING_(NO_SHOW|LOCATION|REASSIGNED|CREATED|CANCELLED)|RECORDING_)/;
const MINUTE = "2026-01-02T08:15".length;

/**
 * What a message tells, whichever webhook sent it: two webhooks of one URL differ in `createdAt`,
 * and their keys may stand in another order.
 * @returns null for what is no message
 */
export function eventIdentity(body: unknown): string | null {
  if (!isRecord(body) || typeof body["triggerEvent"] !== "string") return null;
  const { createdAt, ...told } = body;
  const isEnveloped = isRecord(body["payload"]);
  const minute =
    isEnveloped && repeatable.test(body["triggerEvent"]) && typeof createdAt === "string"
      ? createdAt.slice(0, MINUTE)
      : null;
  return createHash("sha256")
    .update(canonical([minute, told]))
    .digest("hex");
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isRecord(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
