import type { ReprocessJobResource } from "@slotwire/contract";
import { type Author, recordAudit } from "../../access/record-audit.ts";
import { tenant } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import type { InboxDeps } from "../inbox-deps.ts";
import { selectJob, toJob } from "./reprocess-job.ts";

/**
 * Stops a job before its next message. What has been processed stays processed.
 * @throws SlotwireError E_NOT_FOUND
 * @throws SlotwireError E_REPROCESS_STATE when it is over
 */
export async function cancelReprocess(
  { db, clock }: Pick<InboxDeps, "db" | "clock">,
  by: Author,
  id: string,
): Promise<ReprocessJobResource> {
  return db.transaction(tenant(by.orgId), async (tx) => {
    const stopped = await tx.query(
      `UPDATE reprocess_job
          SET status = 'cancelled', finished_at = $3, lease_until = NULL, lease_token = NULL
        WHERE org_id = $1 AND id = $2 AND status IN ('queued', 'running') RETURNING 1`,
      [by.orgId, id, clock.now()],
    );
    const job = await selectJob(tx, by.orgId, id);
    if (stopped.length === 0) {
      throw new SlotwireError("E_REPROCESS_STATE", { detail: `It is ${job.status}.` });
    }
    await recordAudit(tx, {
      ...by,
      at: clock.now(),
      action: "inbound_message.reprocess_cancelled",
      entityId: id,
      new: { job_id: id, done: job.done, total: job.total },
    });
    return toJob(job);
  });
}
