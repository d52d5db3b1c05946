import type { FieldChange } from "@slotwire/contract";
import type { Attendee, Booking } from "./booking.ts";
import type { NextBooking } from "./decision.ts";

/** The members of a booking that changes are told of, by their names on the wire. */
export const wireNames = {
  status: "status",
  statusReason: "status_reason",
  cancelledBy: "cancelled_by",
  startsAt: "starts_at",
  endsAt: "ends_at",
  timeZone: "time_zone",
  title: "title",
  description: "description",
  location: "location",
  meetingUrl: "meeting_url",
  provider: "provider",
  serviceKey: "service_key",
  serviceName: "service_name",
  attendees: "attendees",
  metadata: "metadata",
  paymentStatus: "payment_status",
  priceMinor: "price_minor",
  currency: "currency",
  seats: "seats",
  seriesRef: "series_ref",
} as const satisfies Partial<Record<keyof NextBooking, string>>;

/** What differs between now and next, as the values before, by their names on the wire. */
export function differences(current: Booking, next: NextBooking): Record<string, unknown> {
  const previous: Record<string, unknown> = {};
  for (const [key, name] of Object.entries(wireNames)) {
    const before = current[key as keyof typeof wireNames];
    const after = next[key as keyof typeof wireNames];
    if (!isSame(shown(before), shown(after))) previous[name] = shown(before);
  }
  return previous;
}

/**
 * What a booking's members are before and after, by their names on the wire. Of a new booking: what
 * it is filled with.
 */
export function fieldChanges(current: Booking | null, next: NextBooking): FieldChange[] {
  return Object.entries(wireNames).flatMap(([key, field]) => {
    const old = current === null ? null : shown(current[key as keyof typeof wireNames]);
    const fresh = shown(next[key as keyof typeof wireNames]);
    const isSaid = current === null ? !isBlank(fresh) : !isSame(old, fresh);
    return isSaid ? [{ field, old, new: fresh }] : [];
  });
}

function isBlank(value: unknown): boolean {
  return value === null || ["", "[]", "{}"].includes(canonical(value).replace('""', ""));
}

/** A value as it is on the wire. When a source last spoke of an attendee is the hub's own matter. */
function shown(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return (value as readonly Attendee[]).map(
    ({ seatRef, sourceUpdatedAt: _heard, ...attendee }) => ({ ...attendee, seat_ref: seatRef }),
  );
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || canonical(a) === canonical(b);
}

/** JSON with sorted keys: the order in which a source writes an object says nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
