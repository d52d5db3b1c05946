import type { SlotwireClient } from "@slotwire/client";
import type {
  BookingActions,
  BookingResource,
  CommandResource,
  DeliveryResource,
} from "@slotwire/contract";
import { listUnlessForbidden, unlessForbidden } from "../unless-forbidden.ts";

/** What `StatusChangeForm` shows. */
export interface StatusChange {
  readonly booking: BookingResource;
  /** Null for whoever may not change it. */
  readonly actions: BookingActions | null;
  /** What its source was asked for last. */
  readonly command: CommandResource | null;
  /** The newest delivery to each destination; none for whoever may not see them. */
  readonly deliveries: readonly DeliveryResource[];
}

/** Reads a booking, what can be done with it, and how far it is told. */
export async function readStatusChange(client: SlotwireClient, id: string): Promise<StatusChange> {
  const of = { booking_id: id };
  const [booking, actions, commands, deliveries] = await Promise.all([
    client.bookings.get(id),
    unlessForbidden<BookingActions | null>(client.bookings.actions(id), null),
    listUnlessForbidden(client.commands.list({ ...of, limit: 1 })),
    listUnlessForbidden(client.deliveries.list({ ...of, limit: 50 })),
  ]);
  const newest = new Map(
    deliveries.toReversed().map((delivery) => [delivery.destination_id, delivery]),
  );
  return {
    booking,
    actions,
    command: commands[0] ?? null,
    deliveries: [...newest.values()],
  };
}
