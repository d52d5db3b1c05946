import { createQueue } from "../db/claim.ts";
import { type Database, system } from "../db/database.ts";
import type { AlertKind } from "@slotwire/contract";
import type { Clock } from "../clock.ts";
import { openAlert } from "./open-alert.ts";

interface AskRow {
  readonly org_id: string;
  readonly message_id: string;
  readonly no: number;
  readonly connection_id: string;
  readonly ask: {
    readonly code: Extract<
      AlertKind,
      "calendar_entry_rejected" | "calendars_differ" | "credential_failing" | "host_no_show"
    >;
    readonly detail: string;
  };
  readonly created_at: Date;
}

const BATCH = 50;

const askQueue = createQueue<AskRow>({
  table: "message_ask",
  key: ["org_id", "message_id", "no"],
  columns: ["connection_id", "ask", "created_at"],
  waiting: "due.handled_at IS NULL AND due.ask ->> 'kind' = 'alert'",
  dueAt: "next_attempt_at",
  maxAttempts: 5,
  giveUp: (_row, now) => ({ handled_at: now, error: "The alert could not be opened." }),
});

/**
 * Opens the alerts that messages ask for: each once, because the ask is settled in the alert's own
 * transaction.
 * @returns how many were asked for
 */
export async function takeAlertAsks({
  db,
  clock,
}: {
  readonly db: Database;
  readonly clock: Clock;
}): Promise<number> {
  const now = clock.now();
  return db.transaction(system, async (tx) => {
    const rows = await askQueue.claim(tx, { limit: BATCH, leaseSeconds: 60, now });
    for (const row of rows) {
      await openAlert(tx, {
        orgId: row.org_id,
        kind: row.ask.code,
        connectionId: row.connection_id,
        params: { details: [row.ask.detail] },
        seenAt: row.created_at,
      });
      await askQueue.settle(tx, row, { handled_at: now });
    }
    return rows.length;
  });
}
