import type { DeliveryFilter } from "@slotwire/contract";
import type { selectDeliveries } from "./delivery-row.ts";

type DeliveryQuery = ReturnType<typeof selectDeliveries>;

/** Narrows a query for deliveries to those that a filter names. */
export function chooseDeliveries(query: DeliveryQuery, filter: DeliveryFilter): DeliveryQuery {
  const { destination_id: destination, booking_id: booking, status, event_type: type } = filter;
  let chosen = query;
  if (destination !== undefined) chosen = chosen.where("delivery.destination_id", "=", destination);
  // By way of its events, which have an index by booking.
  if (booking !== undefined) chosen = chosen.where("booking_event.booking_id", "=", booking);
  if (filter.booking_number !== undefined) {
    const number = filter.booking_number;
    chosen = chosen.where("booking_event.booking_id", "in", (eb) =>
      eb
        .selectFrom("booking as named")
        .select("named.id")
        .where("named.booking_number", "=", number),
    );
  }
  if (status !== undefined) chosen = chosen.where("delivery.status", "=", status);
  if (type !== undefined) {
    chosen = chosen.where((eb) =>
      eb.or([eb("booking_event.event_type", "=", type), eb("operational_event.type", "=", type)]),
    );
  }
  if (filter.error_class !== undefined) {
    chosen = chosen.where("delivery.error_class", "=", filter.error_class);
  }
  if (filter.skip_reason !== undefined) {
    chosen = chosen.where("delivery.skip_reason", "=", filter.skip_reason);
  }
  if (filter.from !== undefined)
    chosen = chosen.where("delivery.created_at", ">=", at(filter.from));
  if (filter.to !== undefined) chosen = chosen.where("delivery.created_at", "<", at(filter.to));
  return chosen;
}

const at = (instant: string): Date => new Date(instant);
