import type { BookingResource } from "@slotwire/contract";
import { tenant, type Database } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";

/**
 * One booking as everybody is shown it; a deleted one too.
 * @throws SlotwireError E_NOT_FOUND when the organisation has no such booking
 */
export async function readBooking(
  { db }: { readonly db: Database },
  orgId: string,
  bookingId: string,
): Promise<BookingResource> {
  const [row] = await db.transaction(tenant(orgId), (tx) =>
    tx.query<{ booking: BookingResource }>(
      "SELECT booking_resource(b) AS booking FROM booking b WHERE b.org_id = $1 AND b.id = $2",
      [orgId, bookingId],
    ),
  );
  if (row === undefined) throw new SlotwireError("E_NOT_FOUND");
  return row.booking;
}
