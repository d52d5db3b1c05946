import type { DeliveryStopReason } from "@slotwire/contract";
import type { Transaction } from "../db/database.ts";

/**
 * Cancels what has not been sent to a destination. What is being sent at this moment is
 * cancelled too, but counts as delivered if it still arrives. Lock the destination first (FOR
 * UPDATE), or an event that is being recorded may add another delivery behind its back.
 */
export async function cancelOpenDeliveries(
  tx: Transaction,
  destinationId: string,
  reason: DeliveryStopReason,
): Promise<void> {
  await tx.kysely
    .updateTable("delivery")
    .set({ status: "cancelled", skip_reason: reason, next_attempt_at: null, lease_until: null })
    .where("destination_id", "=", destinationId)
    .where("status", "in", ["pending", "sending", "retrying"])
    .execute();
}
