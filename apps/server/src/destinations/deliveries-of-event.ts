import type { EventDelivery } from "@slotwire/contract";
import { type Database, tenant } from "../db/database.ts";

/** On its way where an event is, and how far; by the destinations' names. */
export function deliveriesOfEvent(
  { db }: { readonly db: Database },
  orgId: string,
  eventId: string,
): Promise<(EventDelivery & { readonly profile: string })[]> {
  return db.transaction(tenant(orgId), (tx) =>
    tx.query<EventDelivery & { profile: string }>(
      `SELECT d.id, d.destination_id, t.name AS destination, t.profile, d.status
         FROM delivery d
         JOIN destination t ON t.org_id = d.org_id AND t.id = d.destination_id
        WHERE d.org_id = $1 AND d.booking_event_id = $2
        ORDER BY t.name, d.id`,
      [orgId, eventId],
    ),
  );
}
