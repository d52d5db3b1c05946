import type { DeliveryListQuery, DeliveryResource, List } from "@slotwire/contract";
import { tenant } from "../db/database.ts";
import { selectDeliveries, toDelivery } from "./delivery-row.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { idFromCursor, pageOf } from "./id-cursor.ts";

/**
 * The organisation's deliveries, the newest first, all or by destination, booking and status.
 * @throws SlotwireError E_CURSOR when the cursor is not one of ours
 */
export async function listDeliveries(
  { db }: Pick<DestinationDeps, "db">,
  orgId: string,
  { limit, cursor, destination_id, booking_id, status }: DeliveryListQuery,
): Promise<List<DeliveryResource>> {
  const before = idFromCursor(cursor);
  const rows = await db.transaction(tenant(orgId), (tx) => {
    let query = selectDeliveries(tx)
      .orderBy("delivery.id", "desc")
      .limit(limit + 1);
    if (before !== null) query = query.where("delivery.id", "<", before);
    if (status !== undefined) query = query.where("delivery.status", "=", status);
    if (destination_id !== undefined) {
      query = query.where("delivery.destination_id", "=", destination_id);
    }
    if (booking_id !== undefined) {
      // By way of its events, which have an index by booking.
      query = query.where("booking_event.booking_id", "=", booking_id);
    }
    return query.execute();
  });
  return pageOf(rows.map(toDelivery), limit);
}
