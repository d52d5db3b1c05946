import type { Database } from "../db/database.ts";
import type { Booking, ChangeRefs } from "../domain/booking.ts";
import { bookingFromResource } from "./booking-from-resource.ts";
import { foundBookings } from "./found-rows.ts";
import { ledgerSession } from "./queries.ts";

/**
 * For each set of a source's ids the bookings that a change with them would be about, the oldest
 * first. Nothing is locked: by the time of the change they may be others.
 * @param connectionId whose ids they are
 */
export async function lookUpBookings(
  { db }: { readonly db: Database },
  orgId: string,
  connectionId: string,
  refs: readonly ChangeRefs[],
): Promise<Booking[][]> {
  if (refs.length === 0) return [];
  const found = await ledgerSession(db, orgId).find(
    refs.map(({ uid, previousUid, icalUid }) => ({
      connection_id: connectionId,
      uid,
      previous_uid: previousUid,
      ical_uid: icalUid,
      booking_id: null,
      customer: null,
      subject: null,
      email: null,
      phone: null,
    })),
  );
  return found.map((rows) =>
    foundBookings(rows)
      .map(bookingFromResource)
      .toSorted((one, other) => one.bookingNumber - other.bookingNumber),
  );
}
