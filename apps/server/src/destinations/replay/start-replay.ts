import type { DeliveryFilter, ReplayResource } from "@slotwire/contract";
import { sql } from "kysely";
import { type Author, recordAudit } from "../../access/record-audit.ts";
import { tenant } from "../../db/database.ts";
import { uuid7 } from "../../db/uuid7.ts";
import { SlotwireError } from "../../errors.ts";
import type { DestinationDeps } from "../destination-deps.ts";
import { countReplayable } from "./plan-replay.ts";
import { selectReplay } from "./replay-row.ts";
import { replayable } from "./replayable.ts";

/**
 * Sends deliveries anew: the same events under the same `webhook-id`, in today's form, signed with
 * today's secret, the oldest first. Which ones is settled now.
 * @param rate how many go to each destination per second
 * @throws SlotwireError E_TOO_MANY_DELIVERIES
 * @throws SlotwireError E_DELIVERY_STATE when there is nothing that can be sent
 */
export async function startReplay(
  { db, clock, wake }: Pick<DestinationDeps, "db" | "clock" | "wake">,
  by: Author,
  filter: DeliveryFilter,
  rate: number,
): Promise<ReplayResource> {
  const id = uuid7();
  const now = clock.now();
  const replay = await db.transaction(tenant(by.orgId), async (tx) => {
    const { total } = await countReplayable(tx, filter, rate);
    if (total === 0) {
      throw new SlotwireError("E_DELIVERY_STATE", {
        detail: "The filter names no finished delivery to a destination that takes any.",
      });
    }
    const row = { org_id: by.orgId, id, rate_per_second: rate, requested_by: by.actor.name };
    await tx.kysely
      .insertInto("replay")
      .values({ ...row, filter: JSON.stringify(filter), total, created_at: now })
      .execute();
    const chosen = replayable(tx, filter)
      .where("destination.deleted_at", "is", null)
      .where("destination.status", "<>", "disabled")
      .clearSelect()
      .select([
        "delivery.org_id",
        "delivery.destination_id",
        "delivery.booking_event_id",
        "delivery.booking_id",
        "delivery.booking_version",
        "delivery.operational_event_id",
        "delivery.id as replay_of",
        sql<string>`${id}::uuid`.as("replay_id"),
        sql<Date>`${now}::timestamptz + (row_number() OVER (
          PARTITION BY delivery.destination_id ORDER BY delivery.id) - 1) / ${rate}::float8
          * interval '1 second'`.as("next_attempt_at"),
        sql<Date>`${now}::timestamptz`.as("created_at"),
      ])
      .orderBy("delivery.id");
    await tx.kysely.insertInto("delivery").columns(columns).expression(chosen).execute();
    await recordAudit(tx, {
      ...by,
      at: now,
      action: "delivery.replay_requested",
      entityId: id,
      new: { replay_id: id, total, rate_per_second: rate, ...filter },
    });
    return selectReplay(tx, id);
  });
  wake.signal("deliveries");
  return replay;
}

const columns = [
  "org_id",
  "destination_id",
  "booking_event_id",
  "booking_id",
  "booking_version",
  "operational_event_id",
  "replay_of",
  "replay_id",
  "next_attempt_at",
  "created_at",
] as const;
