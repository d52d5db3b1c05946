import { type DeliveryCounts, type DeliveryStatus, deliveryStatuses } from "@slotwire/contract";
import { sql } from "kysely";
import { tenant } from "../../db/database.ts";
import { selectDeliveries } from "../delivery-row.ts";
import type { DestinationDeps } from "../destination-deps.ts";
import { chosenDeliveries, type DeliveryChoice } from "../list-deliveries.ts";

/** So many deliveries are counted, the newest ones. */
const MOST_COUNTED = 5_000;

/** How many of the deliveries that a choice names have which status; its own status is no matter. */
export async function countDeliveries(
  { db }: Pick<DestinationDeps, "db">,
  orgId: string,
  { status: _status, ...choice }: DeliveryChoice,
): Promise<DeliveryCounts> {
  const rows = await db.transaction(tenant(orgId), (tx) =>
    tx.kysely
      .selectFrom(
        chosenDeliveries(selectDeliveries(tx), choice)
          .clearSelect()
          .select("delivery.status")
          .orderBy("delivery.id", "desc")
          .limit(MOST_COUNTED)
          .as("newest"),
      )
      .select(["status", sql<number>`count(*)::int`.as("count")])
      .groupBy("status")
      .execute(),
  );
  const byStatus = Object.fromEntries(deliveryStatuses.map((status) => [status, 0])) as Record<
    DeliveryStatus,
    number
  >;
  for (const { status, count } of rows) byStatus[status as DeliveryStatus] = count;
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  return { by_status: byStatus, is_limited: total === MOST_COUNTED };
}
