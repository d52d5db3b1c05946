import type { Booking } from "../domain/booking.ts";
import type { FoundBooking } from "./found-rows.ts";

/** The ledger's view of a booking, from the form in which it is stored and shown. */
export function bookingFromResource(found: FoundBooking): Booking {
  const { booking } = found;
  return {
    id: booking.id,
    bookingNumber: booking.booking_number,
    version: booking.version,
    status: booking.status,
    sourceStatus: booking.source_status,
    statusReason: booking.status_reason,
    cancelledBy: booking.cancelled_by,
    startsAt: booking.starts_at,
    endsAt: booking.ends_at,
    timeZone: booking.time_zone,
    title: booking.title,
    description: booking.description,
    location: booking.location,
    meetingUrl: booking.meeting_url,
    provider: booking.provider && { name: booking.provider.name, email: booking.provider.email },
    serviceKey: booking.service?.key ?? null,
    serviceName: booking.service?.name ?? null,
    attendees: booking.attendees.map(({ seat_ref, ...attendee }, at) => ({
      ...attendee,
      seatRef: seat_ref,
      sourceUpdatedAt: found.attendee_times[at] ?? null,
    })),
    metadata: booking.metadata,
    paymentStatus: booking.payment_status,
    priceMinor: booking.price_minor,
    currency: booking.currency,
    seats: booking.seats,
    seriesRef: booking.series_ref,
    ownerConnectionId: booking.owner_connection_id,
    sourceSequence: found.source_sequence,
    sourceUpdatedAt: found.source_updated_at,
    heard: found.heard,
    heardCount: found.heard_count,
    externalRefs: booking.external_refs.map((ref) => ({
      connectionId: ref.connection_id,
      kind: ref.kind,
      externalId: ref.external_id,
      supersededAt: ref.superseded_at,
    })),
    deletedAt: booking.deleted_at,
  };
}
