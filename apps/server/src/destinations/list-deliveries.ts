import type { DeliveryResource, DeliveryStatus } from "@slotwire/contract";
import { tenant } from "../db/database.ts";
import { selectDeliveries, toDelivery } from "./delivery-row.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { type Page, pageOf, type PageRequest } from "./page.ts";

/** Which deliveries; what is absent does not matter. */
export interface DeliveryFilter {
  readonly destinationId?: string | undefined;
  readonly bookingId?: string | undefined;
  readonly status?: DeliveryStatus | undefined;
}

/** The organisation's deliveries, the newest first. */
export async function listDeliveries(
  { db }: Pick<DestinationDeps, "db">,
  orgId: string,
  { destinationId, bookingId, status }: DeliveryFilter,
  { limit, before }: PageRequest,
): Promise<Page<DeliveryResource>> {
  const rows = await db.transaction(tenant(orgId), (tx) => {
    let query = selectDeliveries(tx)
      .orderBy("delivery.id", "desc")
      .limit(limit + 1);
    if (before !== null) query = query.where("delivery.id", "<", before);
    if (status !== undefined) query = query.where("delivery.status", "=", status);
    if (destinationId !== undefined) {
      query = query.where("delivery.destination_id", "=", destinationId);
    }
    if (bookingId !== undefined) {
      // By way of its events, which have an index by booking.
      query = query.where("booking_event.booking_id", "=", bookingId);
    }
    return query.execute();
  });
  return pageOf(rows.map(toDelivery), limit);
}
