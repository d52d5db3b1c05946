import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { type MessageDraft, type MessageOutcome, messageRow } from "./message-draft.ts";
import { ledgerSession } from "./queries.ts";

/**
 * Keeps a message that changes no booking.
 * @returns `duplicate` when that very message had been dealt with before
 */
export async function keepMessage(
  deps: { readonly db: Database; readonly clock: Clock },
  input: {
    readonly orgId: string;
    readonly message: MessageDraft;
    readonly outcome: MessageOutcome;
  },
): Promise<{ messageId: string; duplicate: boolean; bookingId: string | null }> {
  const message = messageRow(input.message, input.outcome, deps.clock.now());
  const [written] = await ledgerSession(deps.db, input.orgId).write([{ message }]);
  if (written === undefined) throw new TypeError("the message was not kept");
  if (written instanceof Error) throw written;
  return {
    messageId: written.message_id ?? input.message.id,
    duplicate: written.duplicate,
    bookingId: written.booking_id ?? null,
  };
}
