import type { SlotwireClient } from "@slotwire/client";
import type {
  BookingActions,
  BookingResource,
  CommandResource,
  DeliveryResource,
  List,
} from "@slotwire/contract";
import { unlessForbidden } from "../unless-forbidden.ts";

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

const none = (): List<never> => ({ data: [], next_cursor: null });

/** Reads a booking, what can be done with it, and how far it is told. */
export async function readStatusChange(client: SlotwireClient, id: string): Promise<StatusChange> {
  const of = { booking_id: id };
  const [booking, actions, commands, deliveries] = await Promise.all([
    client.bookings.get(id),
    unlessForbidden<BookingActions | null>(client.bookings.actions(id), null),
    unlessForbidden<List<CommandResource>>(client.commands.list({ ...of, limit: 1 }), none()),
    unlessForbidden<List<DeliveryResource>>(client.deliveries.list({ ...of, limit: 50 }), none()),
  ]);
  const newest = new Map(
    deliveries.data.toReversed().map((delivery) => [delivery.destination_id, delivery]),
  );
  return {
    booking,
    actions,
    command: commands.data[0] ?? null,
    deliveries: [...newest.values()],
  };
}
