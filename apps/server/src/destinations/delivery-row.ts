import type { DeliveryResource, DeliveryStatus, DestinationResource } from "@slotwire/contract";
import type { Transaction } from "../db/database.ts";

/** The query for deliveries with what people need to recognise them by. */
export const selectDeliveries = (tx: Transaction) =>
  tx.kysely
    .selectFrom("delivery")
    .innerJoin("destination", (join) =>
      join
        .onRef("destination.org_id", "=", "delivery.org_id")
        .onRef("destination.id", "=", "delivery.destination_id"),
    )
    .leftJoin("booking_event", (join) =>
      join
        .onRef("booking_event.org_id", "=", "delivery.org_id")
        .onRef("booking_event.id", "=", "delivery.booking_event_id"),
    )
    .leftJoin("booking", (join) =>
      join
        .onRef("booking.org_id", "=", "delivery.org_id")
        .onRef("booking.id", "=", "delivery.booking_id"),
    )
    .leftJoin("operational_event", (join) =>
      join
        .onRef("operational_event.org_id", "=", "delivery.org_id")
        .onRef("operational_event.id", "=", "delivery.operational_event_id"),
    )
    .select([
      "delivery.id",
      "delivery.destination_id",
      "destination.name as destination_name",
      "destination.status as destination_status",
      "destination.deleted_at as destination_deleted_at",
      "delivery.booking_event_id",
      "delivery.booking_id",
      "booking.booking_number",
      "delivery.operational_event_id",
      "delivery.replay_of",
      "delivery.replay_id",
      "booking_event.event_type",
      "operational_event.type as operational_type",
      "delivery.status",
      "delivery.skip_reason",
      "delivery.attempt_count",
      "delivery.next_attempt_at",
      "delivery.delivered_at",
      "delivery.last_status_code",
      "delivery.error_class",
      "delivery.created_at",
    ]);

type DeliveryRow = Awaited<ReturnType<ReturnType<typeof selectDeliveries>["execute"]>>[number];

/** Whether a delivery can be sent again as it is, whatever its destination is. */
export const isRetryable = (status: string): boolean =>
  ["exhausted", "retrying", "skipped", "cancelled"].includes(status);

/** A delivery as people see it. One that is being sent has no next attempt, but a lease. */
export function toDelivery({
  operational_type,
  destination_deleted_at: deletedAt,
  ...row
}: DeliveryRow): DeliveryResource {
  const isWaiting = row.status === "pending" || row.status === "retrying";
  const destination =
    deletedAt === null ? (row.destination_status as DestinationResource["status"]) : "deleted";
  const takesAny = destination === "active" || destination === "paused";
  return {
    ...row,
    destination_status: destination,
    can_retry: takesAny && isRetryable(row.status),
    can_replay: takesAny && row.next_attempt_at === null,
    event_type: row.event_type ?? operational_type ?? "",
    status: row.status as DeliveryStatus,
    next_attempt_at: isWaiting ? (row.next_attempt_at?.toISOString() ?? null) : null,
    delivered_at: row.delivered_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
  };
}
