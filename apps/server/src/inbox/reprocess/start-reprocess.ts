import {
  type InboundMessageFilter,
  MAX_REPROCESS,
  type ReprocessJobResource,
} from "@slotwire/contract";
import { type Author, recordAudit } from "../../access/record-audit.ts";
import { type Queryable, tenant } from "../../db/database.ts";
import { uuid7 } from "../../db/uuid7.ts";
import type { View } from "../../domain/views/view.ts";
import { SlotwireError } from "../../errors.ts";
import type { InboxDeps } from "../inbox-deps.ts";
import { conditionsOfChoice, type MessageChoice } from "./kept-message.ts";
import { selectJob, toJob } from "./reprocess-job.ts";

/**
 * Has messages processed again, the oldest first. Which ones is settled now: what comes in later is
 * not among them. What a message changes by it cannot be undone.
 * @throws SlotwireError E_NOT_FOUND for a message, connection or booking that there is not
 * @throws SlotwireError E_BODY_REMOVED for a single message whose body is gone
 * @throws SlotwireError E_TOO_MANY_MESSAGES
 */
export async function startReprocess(
  { db, clock, wake }: Pick<InboxDeps, "db" | "clock" | "wake">,
  by: Author,
  view: View,
  choice: MessageChoice,
): Promise<ReprocessJobResource> {
  const id = uuid7();
  const job = await db.transaction(tenant(by.orgId), async (tx) => {
    if ("filter" in choice) await requireNamed(tx, by.orgId, choice.filter);
    const { conditions, values, bind } = conditionsOfChoice(view, choice);
    const filter: InboundMessageFilter | { message_id: string; q?: undefined } =
      "filter" in choice ? choice.filter : { message_id: choice.messageId };
    await tx.query(
      `INSERT INTO reprocess_job (org_id, id, filter, total, requested_by, created_at)
       VALUES ($1, $2, $3::jsonb, 0, $4, $5)`,
      [by.orgId, id, JSON.stringify(filter), by.actor.name, clock.now()],
    );
    const chosen = await tx.query<{ is_gone: boolean }>(
      `INSERT INTO reprocess_item (org_id, job_id, no, message_id)
         SELECT m.org_id, ${bind(id)}::uuid, row_number() OVER (ORDER BY m.received_at, m.id), m.id
           FROM inbound_message m WHERE ${conditions.join(" AND ")}
          ORDER BY m.received_at, m.id LIMIT ${MAX_REPROCESS + 1}
       RETURNING (SELECT g.body_removed_at IS NOT NULL FROM inbound_message g
                   WHERE g.org_id = reprocess_item.org_id AND g.id = message_id) AS is_gone`,
      values,
    );
    if (chosen.length > MAX_REPROCESS) throw new SlotwireError("E_TOO_MANY_MESSAGES");
    if ("messageId" in choice) {
      const [only] = chosen;
      if (only === undefined) throw new SlotwireError("E_NOT_FOUND");
      if (only.is_gone) throw new SlotwireError("E_BODY_REMOVED");
    }
    await tx.query("UPDATE reprocess_job SET total = $3 WHERE org_id = $1 AND id = $2", [
      by.orgId,
      id,
      chosen.length,
    ]);
    await recordAudit(tx, {
      ...by,
      at: clock.now(),
      action: "inbound_message.reprocess_requested",
      entityId: "messageId" in choice ? choice.messageId : id,
      new: { job_id: id, total: chosen.length, ...withoutWords(filter) },
    });
    return selectJob(tx, by.orgId, id);
  });
  wake.signal("messages");
  return toJob(job);
}

/** What is kept of a filter names things of the organisation alone. */
async function requireNamed(
  tx: Queryable,
  orgId: string,
  { connection_id: connectionId, booking_id: bookingId }: InboundMessageFilter,
): Promise<void> {
  const [row] = await tx.query<{ is_known: boolean }>(
    `SELECT ($2::uuid IS NULL OR EXISTS (SELECT FROM connection WHERE org_id = $1 AND id = $2))
        AND ($3::uuid IS NULL OR EXISTS (SELECT FROM booking WHERE org_id = $1 AND id = $3))
         AS is_known`,
    [orgId, connectionId ?? null, bookingId ?? null],
  );
  if (row?.is_known !== true) throw new SlotwireError("E_NOT_FOUND");
}

/** Nothing personal goes into the audit log, and people search for names. */
function withoutWords(filter: { readonly q?: string | undefined }): object {
  const { q, ...rest } = filter;
  return { ...rest, ...(q === undefined ? {} : { is_search: true }) };
}
