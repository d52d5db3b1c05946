import type { ReplayResource } from "@slotwire/contract";
import { type Author, recordAudit } from "../../access/record-audit.ts";
import { tenant } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import type { DestinationDeps } from "../destination-deps.ts";
import { selectReplay } from "./replay-row.ts";

/**
 * Takes back what a replay has not sent yet. What is under way arrives.
 * @throws SlotwireError E_NOT_FOUND
 * @throws SlotwireError E_DELIVERY_STATE when it is over
 */
export async function cancelReplay(
  { db, clock }: Pick<DestinationDeps, "db" | "clock">,
  by: Author,
  id: string,
): Promise<ReplayResource> {
  return db.transaction(tenant(by.orgId), async (tx) => {
    const { status, delivered, total } = await selectReplay(tx, id);
    if (status !== "running") {
      throw new SlotwireError("E_DELIVERY_STATE", { detail: `The replay is ${status}.` });
    }
    const now = clock.now();
    await tx.kysely
      .updateTable("delivery")
      .set({ status: "cancelled", skip_reason: "replay_cancelled", next_attempt_at: null })
      .where("replay_id", "=", id)
      .where("status", "in", ["pending", "retrying"])
      .execute();
    await tx.kysely.updateTable("replay").set({ cancelled_at: now }).where("id", "=", id).execute();
    await recordAudit(tx, {
      ...by,
      at: now,
      action: "delivery.replay_cancelled",
      entityId: id,
      new: { replay_id: id, delivered, total },
    });
    return selectReplay(tx, id);
  });
}
