import { createQueue, type Lease } from "../db/claim.ts";

/** A message that is to be processed again from its raw body. */
export interface MessageRow {
  readonly org_id: string;
  readonly id: string;
  readonly connection_id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly received_at: Date;
}

export type ClaimedMessage = MessageRow & Lease;

/** With the waits of `retryAt`, a message is tried for about half an hour. */
const MAX_ATTEMPTS = 12;
const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 5 * 60_000;

/** The inbox as a queue: what was kept without having been dealt with. */
export const messageQueue = createQueue<MessageRow>({
  table: "inbound_message",
  key: ["org_id", "id"],
  columns: ["connection_id", "headers", "body", "received_at"],
  waiting: "due.status = 'received'",
  dueAt: "next_attempt_at",
  maxAttempts: MAX_ATTEMPTS,
  giveUp: (_row, now) => ({
    status: "failed",
    error_code: "E_INTERNAL",
    error: `given up after ${MAX_ATTEMPTS} attempts`,
    processed_at: now,
  }),
});

/** When a message that failed unexpectedly is tried again: 5 s, doubled each time, at most 5 min. */
export function retryAt(attempts: number, now: Date): Date {
  return new Date(now.getTime() + Math.min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT));
}
