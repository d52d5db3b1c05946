import type { DeliveryResource } from "@slotwire/contract";
import { type Author, recordAudit } from "../../access/record-audit.ts";
import { type Transaction, tenant } from "../../db/database.ts";
import { uuid7 } from "../../db/uuid7.ts";
import { SlotwireError } from "../../errors.ts";
import { selectDeliveries, toDelivery } from "../delivery-row.ts";
import type { DestinationDeps } from "../destination-deps.ts";
import { found } from "../destination-row.ts";

/**
 * Sends a finished delivery's event anew, now: as a delivery of its own, under the same
 * `webhook-id`, in today's form, signed with today's secret. What was, stays as it was.
 * @throws SlotwireError E_NOT_FOUND
 * @throws SlotwireError E_DELIVERY_STATE when it is still open, or its destination hears of nothing
 */
export async function replayDelivery(
  { db, clock, wake }: Pick<DestinationDeps, "db" | "clock" | "wake">,
  by: Author,
  id: string,
): Promise<DeliveryResource> {
  const row = await db.transaction(tenant(by.orgId), async (tx) => {
    const { destination, ...original } = await requireFinished(tx, id);
    const anew = uuid7();
    await tx.kysely
      .insertInto("delivery")
      .values({
        ...original,
        id: anew,
        replay_of: original.replay_of ?? id,
        next_attempt_at: clock.now(),
        created_at: clock.now(),
      })
      .execute();
    await recordAudit(tx, {
      ...by,
      at: clock.now(),
      action: "delivery.replayed",
      entityId: anew,
      entityName: destination,
      new: { replay_of: original.replay_of ?? id },
    });
    return selectDeliveries(tx).where("delivery.id", "=", anew).executeTakeFirst();
  });
  wake.signal("deliveries");
  return toDelivery(found(row));
}

async function requireFinished(tx: Transaction, id: string) {
  const row = found(
    await selectDeliveries(tx)
      .clearSelect()
      .select([
        "delivery.org_id",
        "delivery.destination_id",
        "delivery.booking_event_id",
        "delivery.booking_id",
        "delivery.booking_version",
        "delivery.operational_event_id",
        "delivery.replay_of",
        "delivery.next_attempt_at",
        "delivery.status",
        "destination.name as destination",
        "destination.status as destination_status",
        "destination.deleted_at",
      ])
      .where("delivery.id", "=", id)
      .executeTakeFirst(),
  );
  const {
    status,
    destination_status: state,
    deleted_at: deletedAt,
    next_attempt_at,
    ...rest
  } = row;
  if (next_attempt_at !== null) {
    throw new SlotwireError("E_DELIVERY_STATE", {
      detail: `The delivery is ${status}: it is sent anyway.`,
    });
  }
  if (deletedAt !== null || state === "disabled") {
    const word = deletedAt === null ? "disabled" : "deleted";
    throw new SlotwireError("E_DELIVERY_STATE", { detail: `Its destination is ${word}.` });
  }
  return rest;
}
