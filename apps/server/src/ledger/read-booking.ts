import type { BookingResource } from "@slotwire/contract";
import { tenant, type Database } from "../db/database.ts";
import { showBooking } from "../domain/views/show-booking.ts";
import { isOwn, type View } from "../domain/views/view.ts";
import { SlotwireError } from "../errors.ts";

/**
 * One booking as the view shows it; a deleted one too.
 * @throws SlotwireError E_NOT_FOUND when there is no such booking in the view
 */
export async function readBooking(
  { db }: { readonly db: Database },
  view: View,
  bookingId: string,
): Promise<BookingResource> {
  const { orgId, own, detail } = view;
  const [row] = await db.transaction(tenant(orgId, own), (tx) =>
    tx.query<{ booking: BookingResource }>(
      "SELECT booking_resource(b) AS booking FROM booking b WHERE b.org_id = $1 AND b.id = $2",
      [orgId, bookingId],
    ),
  );
  if (row === undefined || !isOwn(own, row.booking.provider?.email)) {
    throw new SlotwireError("E_NOT_FOUND");
  }
  return showBooking(row.booking, detail);
}
