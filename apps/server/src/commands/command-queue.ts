import type { CommandKind, CommandStatus } from "@slotwire/contract";
import { createQueue, type Lease } from "../db/claim.ts";
import type { CommandRow } from "./command-row.ts";

/** An open command as a worker needs it. */
export interface DueCommand {
  readonly org_id: string;
  readonly id: string;
  readonly booking_id: string;
  readonly connection_id: string;
  readonly kind: CommandKind;
  readonly payload: CommandRow["payload"] & { readonly from_starts_at?: string };
  readonly reason: string | null;
  readonly status: CommandStatus;
  readonly idempotency_key: string;
  readonly result_uid: string | null;
  readonly expires_at: Date;
  readonly accepted_at: Date | null;
}

export type ClaimedCommand = DueCommand & Lease;

/** A command is tried about a dozen times; more often it takes its worker down. */
const MAX_ATTEMPTS = 60;

/**
 * The commands as a queue.
 *
 * A command is `queued` until a worker is about to call the source; it is `sending` from just
 * before the call until its outcome is known, so whoever finds it `sending` under no lease looks
 * at the source first: the worker died, or the answer was lost, and the call may have taken effect.
 * Then it is `accepted` until the ledger hears of the effect, which confirms it by a trigger.
 */
export const commandQueue = createQueue<DueCommand>({
  table: "command",
  key: ["org_id", "id"],
  columns: [
    "booking_id",
    "connection_id",
    "kind",
    "payload",
    "reason",
    "status",
    "idempotency_key",
    "result_uid",
    "expires_at",
    "accepted_at",
  ],
  waiting: "due.next_attempt_at IS NOT NULL",
  dueAt: "next_attempt_at",
  maxAttempts: MAX_ATTEMPTS,
  giveUp: (_row, now) => ({
    status: "expired",
    settled_at: now,
    next_attempt_at: null,
    problem_code: "E_INTERNAL",
    problem: `The hub stopped while it was at work on this, after ${MAX_ATTEMPTS} attempts.`,
  }),
});
