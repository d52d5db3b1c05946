import { createHash } from "node:crypto";
import { isRecord } from "../../domain/is-record.ts";
import { bookingSchema } from "./schema.ts";

const told = Object.keys(bookingSchema.shape).toSorted();

/**
 * What a message tells, whatever the order and the spaces of its JSON. Null for what names no
 * booking.
 */
export function eventIdentity(body: unknown): string | null {
  if (!isRecord(body) || typeof body["bookingId"] !== "string") return null;
  const values = told.map((name) => [name, body[name] ?? null] as const);
  return createHash("sha256").update(JSON.stringify(values)).digest("hex");
}
