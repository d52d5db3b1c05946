import type { BookingResource } from "@slotwire/contract";
import { type Author, recordAudit } from "../access/record-audit.ts";
import { tenant } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import type { HubCaller } from "../ledger/hub-change.ts";
import { readBooking } from "../ledger/read-booking.ts";
import type { LedgerDeps } from "../ledger/record.ts";

/**
 * Takes a booking out of the list of unlinked ones, or puts it back. It says nothing about the
 * booking itself, so it is no event of it; the audit log keeps who said so.
 * @throws SlotwireError E_NOT_FOUND, E_PRECONDITION
 */
export async function dismissLink(
  deps: LedgerDeps,
  { view, expectedVersion }: HubCaller,
  author: Author,
  bookingId: string,
  isDismissed: boolean,
): Promise<BookingResource> {
  const booking = await readBooking(deps, view, bookingId);
  const at = deps.clock.now();
  await deps.db.transaction(tenant(view.orgId, view.own), async (tx) => {
    const rows = await tx.query(
      `UPDATE booking SET link_dismissed_at = CASE WHEN $3 THEN $4::timestamptz END
        WHERE org_id = $1 AND id = $2 AND deleted_at IS NULL AND ($5::int IS NULL OR version = $5)
        RETURNING 1`,
      [view.orgId, bookingId, isDismissed, at, expectedVersion],
    );
    if (rows.length === 0) {
      throw new SlotwireError(booking.deleted_at === null ? "E_PRECONDITION" : "E_NOT_FOUND");
    }
    await recordAudit(tx, {
      ...author,
      at,
      action: "booking.link_dismissed",
      entityId: bookingId,
      entityName: `#${booking.booking_number}`,
      new: { dismissed: isDismissed },
    });
  });
  return booking;
}
