import type { Booking, BookingChange } from "./booking.ts";

/** Which bookings a change is about. */
export interface Match {
  /** The booking that the change applies to; null when nobody knows it yet. */
  readonly current: Booking | null;
  /**
   * A second booking that turns out to be the same visit: its messages came before the one that
   * tells of their kinship. It is merged into `current`.
   */
  readonly absorbed: Booking | null;
  /** Of the two, the one that goes by the later id. */
  readonly later: Booking | null;
}

/**
 * Chooses among the bookings that go by one of the change's ids: by its own id first, then by its
 * predecessor's, then by the hub's, then by the iCalendar UID that another connection reported.
 * @param found the oldest first
 */
export function matchBookings(found: readonly Booking[], change: BookingChange): Match {
  const byRef = (uid: string | null | undefined): Booking | undefined =>
    found.find((booking) =>
      booking.externalRefs.some(
        (ref) =>
          ref.kind === "uid" && ref.connectionId === change.connectionId && ref.externalId === uid,
      ),
    );
  const byUid = byRef(change.refs?.uid);
  const byPrevious = byRef(change.refs?.previousUid);
  if (byUid !== undefined && byPrevious !== undefined && byUid.id !== byPrevious.id) {
    const [current, absorbed] =
      byUid.bookingNumber < byPrevious.bookingNumber ? [byUid, byPrevious] : [byPrevious, byUid];
    return { current, absorbed, later: byUid };
  }
  const current = byUid ?? byPrevious ?? found[0] ?? null;
  return { current, absorbed: null, later: null };
}
