import { MAX_PLANNED, type PlannedMessage, type ReprocessPlan } from "@slotwire/contract";
import { tenant } from "../../db/database.ts";
import { describeIdleMessage, describePlan } from "../../domain/describe-message.ts";
import { showChanges } from "../../domain/views/show-changes.ts";
import type { View } from "../../domain/views/view.ts";
import { SlotwireError } from "../../errors.ts";
import { previewChange } from "../../ledger/preview-change.ts";
import { changeToRecord } from "../apply-message.ts";
import type { ConnectionDirectory } from "../connections/connection-directory.ts";
import type { InboxDeps } from "../inbox-deps.ts";
import {
  conditionsOfChoice,
  type KeptMessage,
  keptColumns,
  type MessageChoice,
} from "./kept-message.ts";
import { type Reading, readAgain } from "./read-again.ts";

interface PlanDeps extends InboxDeps {
  readonly connections: ConnectionDirectory;
}

/** Outcomes that leave the ledger as it is. */
const idle: readonly string[] = [
  "unchanged",
  "stale",
  "refused",
  "waiting",
  "ignored",
  "failed",
  "fetch",
  "unavailable",
];

/** Whether an outcome leaves the ledger as it is. */
export const isIdle = (outcome: string): boolean => idle.includes(outcome);

/**
 * Says what processing messages again would do to the ledger as it is now, and writes nothing. Each
 * is planned by itself: what an earlier one would change is not there for a later one.
 * @throws SlotwireError E_NOT_FOUND for a single message that there is not
 */
export async function planReprocess(
  deps: PlanDeps,
  view: View,
  choice: MessageChoice,
): Promise<ReprocessPlan> {
  const { conditions, values } = conditionsOfChoice(view, choice);
  const where = conditions.join(" AND ");
  const { total, rows } = await deps.db.transaction(tenant(view.orgId), async (tx) => {
    const [count] = await tx.query<{ total: number }>(
      `SELECT count(*)::int AS total FROM inbound_message m WHERE ${where}`,
      values,
    );
    const oldest = await tx.query<KeptMessage>(
      `SELECT ${keptColumns} FROM inbound_message m WHERE ${where}
        ORDER BY m.received_at, m.id LIMIT ${MAX_PLANNED}`,
      values,
    );
    return { total: count?.total ?? 0, rows: oldest };
  });
  if (total === 0 && "messageId" in choice) throw new SlotwireError("E_NOT_FOUND");
  const messages: PlannedMessage[] = [];
  for (const row of rows) messages.push(await planOne(deps, view, row));
  const changing = messages.filter(({ outcome }) => !isIdle(outcome)).length;
  return { total, changing, messages, is_partial: total > messages.length };
}

async function planOne(deps: PlanDeps, view: View, message: KeptMessage): Promise<PlannedMessage> {
  const reading = await readAgain(deps, deps.connections, message);
  const { startsAt, timeZone, ...outcome } = await outcomeOf(deps, reading);
  const planned = isIdle(outcome.outcome) ? null : describePlan({ ...outcome, startsAt, timeZone });
  const words = wordsFor(reading, message, view);
  return {
    message_id: message.id,
    received_at: message.received_at.toISOString(),
    trigger: message.trigger,
    status: message.status,
    ...outcome,
    description: planned ?? describeIdleMessage(words, outcome.booking_number),
    changes: showChanges(outcome.changes, view.detail),
  };
}

/** What a connector says of a message may name people. */
function wordsFor(reading: Reading, message: KeptMessage, { detail }: View): string {
  if (detail !== "full" || "unavailable" in reading) return message.trigger ?? "";
  const { interpretation } = reading;
  return "summary" in interpretation ? interpretation.summary : (interpretation.trigger ?? "");
}

/** Null or empty for what is not known. */
type Outcome = Pick<
  PlannedMessage,
  "outcome" | "booking_id" | "booking_number" | "changes" | "reason"
> & { readonly startsAt: string | null; readonly timeZone: string | null };

const nothing = {
  booking_id: null,
  booking_number: null,
  changes: [],
  reason: null,
  startsAt: null,
  timeZone: null,
};

/** What a message that was read would do to the ledger as it is now. */
export async function outcomeOf(
  deps: Pick<InboxDeps, "db" | "clock">,
  reading: Reading,
): Promise<Outcome> {
  if ("unavailable" in reading) {
    return { ...nothing, outcome: "unavailable", reason: reading.unavailable };
  }
  const { connection, interpretation } = reading;
  switch (interpretation.outcome) {
    case "change": {
      const change = changeToRecord(connection, interpretation);
      const preview = await previewChange(deps, { ...change, message: null });
      return {
        outcome: preview.action === "unknown" ? "waiting" : preview.action,
        booking_id: preview.bookingId,
        booking_number: preview.bookingNumber,
        changes: [...preview.changes],
        reason: preview.reason,
        startsAt: preview.startsAt,
        timeZone: connection.timeZone,
      };
    }
    case "fetch":
      return { ...nothing, outcome: "fetch", reason: "its source has to be asked for the booking" };
    case "ignored":
    case "failed":
      return { ...nothing, outcome: interpretation.outcome, reason: interpretation.reason };
  }
}
