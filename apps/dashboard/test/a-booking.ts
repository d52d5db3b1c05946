import type { BookingResource } from "@slotwire/contract";

let made = 0;

/** A booking for tests: one hour from 10:00 UTC on 21 November 2026, unless told otherwise. */
export function aBooking(given: Partial<BookingResource> = {}): BookingResource {
  made += 1;
  return {
    id: `00000000-0000-4000-8000-${String(made).padStart(12, "0")}`,
    booking_number: 1000 + made,
    version: 1,
    status: "confirmed",
    source_status: null,
    status_reason: null,
    cancelled_by: null,
    starts_at: "2026-11-21T10:00:00.000Z",
    ends_at: "2026-11-21T11:00:00.000Z",
    time_zone: "Europe/Stockholm",
    duration_minutes: 60,
    title: "Consultation",
    description: null,
    location: null,
    meeting_url: null,
    customer: null,
    attendees: [],
    subjects: [],
    provider: null,
    service: null,
    metadata: {},
    payment_status: "none",
    price_minor: null,
    currency: null,
    seats: null,
    series_ref: null,
    owner_connection_id: null,
    external_refs: [],
    created_at: "2026-11-20T10:00:00.000Z",
    updated_at: "2026-11-20T10:00:00.000Z",
    deleted_at: null,
    ...given,
  };
}

/** A booking from one time of 21 November 2026 to another, both `HH:MM` in UTC. */
export function aBookingAt(
  from: string,
  to: string,
  given: Partial<BookingResource> = {},
): BookingResource {
  return aBooking({
    starts_at: `2026-11-21T${from}:00.000Z`,
    ends_at: `2026-11-21T${to}:00.000Z`,
    ...given,
  });
}
