import type { BookingResource, FieldChange } from "@slotwire/contract";

/**
 * What an event changed, member by member, from its snapshot of the booking and the values before.
 * Of a new booking nothing: all of it is new.
 */
export function eventChanges(event: {
  readonly changed_fields: readonly string[];
  readonly previous: Readonly<Record<string, unknown>>;
  readonly booking: BookingResource;
}): FieldChange[] {
  return event.changed_fields.map((field) => ({
    field,
    old: event.previous[field] ?? null,
    new: valueOf(event.booking, field),
  }));
}

/** Some members of an event are named as the ledger's columns, and stand elsewhere in the booking. */
function valueOf(booking: BookingResource, field: string): unknown {
  switch (field) {
    case "service_key":
      return booking.service?.key ?? null;
    case "service_name":
      return booking.service?.name ?? null;
    case "external_refs":
      return booking.external_refs.map((ref) => ref.external_id);
    default:
      return (booking as unknown as Readonly<Record<string, unknown>>)[field] ?? null;
  }
}
