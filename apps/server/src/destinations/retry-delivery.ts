import type { DeliveryResource } from "@slotwire/contract";
import { type Author, recordAudit } from "../access/record-audit.ts";
import { type Transaction, tenant } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import { isRetryable, selectDeliveries, toDelivery } from "./delivery-row.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { found } from "./destination-row.ts";

/**
 * Sends a delivery again, now. Under the same `webhook-id`, so a receiver that had it after all
 * recognises it. If it fails again, the schedule goes on where it was; one that had used it up
 * gets this one attempt.
 * @throws SlotwireError E_NOT_FOUND
 * @throws SlotwireError E_DELIVERY_STATE when it was delivered, is on its way, or its destination
 *   hears of nothing
 */
export async function retryDelivery(
  { db, clock, wake }: Pick<DestinationDeps, "db" | "clock" | "wake">,
  by: Author,
  id: string,
): Promise<DeliveryResource> {
  const row = await db.transaction(tenant(by.orgId), async (tx) => {
    const before = await refuseUnlessRetryable(tx, id);
    await tx.kysely
      .updateTable("delivery")
      .set({
        status: "pending",
        skip_reason: null,
        next_attempt_at: clock.now(),
        lease_until: null,
        lease_token: null,
        lost_leases: 0,
      })
      .where("id", "=", id)
      .execute();
    await recordAudit(tx, {
      ...by,
      at: clock.now(),
      action: "delivery.retried",
      entityId: id,
      entityName: before.destination_name,
      old: { status: before.status },
      new: { status: "pending" },
    });
    return selectDeliveries(tx).where("delivery.id", "=", id).executeTakeFirst();
  });
  const delivery = toDelivery(found(row));
  wake.signal("deliveries");
  return delivery;
}

async function refuseUnlessRetryable(
  tx: Transaction,
  id: string,
): Promise<{ status: string; destination_name: string }> {
  const row = found(
    await tx.kysely
      .selectFrom("delivery")
      .innerJoin("destination", (join) =>
        join
          .onRef("destination.org_id", "=", "delivery.org_id")
          .onRef("destination.id", "=", "delivery.destination_id"),
      )
      .select([
        "delivery.status",
        "destination.name as destination_name",
        "destination.status as destination",
        "destination.deleted_at",
      ])
      .where("delivery.id", "=", id)
      .forUpdate("delivery")
      .executeTakeFirst(),
  );
  if (!isRetryable(row.status)) {
    throw new SlotwireError("E_DELIVERY_STATE", { detail: `The delivery is ${row.status}.` });
  }
  if (row.deleted_at !== null || row.destination === "disabled") {
    const state = row.deleted_at === null ? "disabled" : "deleted";
    throw new SlotwireError("E_DELIVERY_STATE", { detail: `Its destination is ${state}.` });
  }
  return row;
}
