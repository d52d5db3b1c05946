import type { BookingEventType, BookingResource } from "@slotwire/contract";

/**
 * What an event says, in words for people.
 * @param timeZone IANA zone in which times are told: the booking's own unless given
 */
export function describeEvent(
  type: BookingEventType,
  booking: Pick<
    BookingResource,
    "booking_number" | "starts_at" | "time_zone" | "status_reason" | "customer" | "subjects"
  >,
  changedFields: readonly string[],
  timeZone = booking.time_zone,
): string {
  const name = `#${booking.booking_number}`;
  const when = describeTime(booking.starts_at, timeZone);
  const because = booking.status_reason === null ? "" : `: ${booking.status_reason}`;
  switch (type) {
    case "booking.created":
      return `Booking ${name} for ${when}`;
    case "booking.confirmed":
      return `Booking ${name} was confirmed`;
    case "booking.rescheduled":
      return `Booking ${name} was moved to ${when}`;
    case "booking.cancelled":
      return `Booking ${name} was cancelled${because}`;
    case "booking.rejected":
      return `Booking ${name} was rejected${because}`;
    case "booking.checked_in":
      return `Booking ${name} was checked in`;
    case "booking.started":
      return `Booking ${name} has started`;
    case "booking.completed":
      return `Booking ${name} was completed`;
    case "booking.no_show":
      return `Nobody came to booking ${name}`;
    case "booking.no_show_cleared":
      return `The no-show of booking ${name} was taken back`;
    case "booking.reinstated":
      return `Booking ${name} was reinstated`;
    case "booking.reassigned":
      return `Booking ${name} was given to somebody else`;
    case "booking.deleted":
      return `Booking ${name} was deleted`;
    case "booking.payment_updated":
      return `The payment of booking ${name} changed`;
    case "booking.customer_linked":
      return booking.customer === null
        ? `Booking ${name} was unlinked from its customer`
        : `Booking ${name} was linked to a customer`;
    case "booking.subject_linked":
      return booking.subjects.length === 0
        ? `Booking ${name} was unlinked from what it is about`
        : `Booking ${name} was linked to what it is about`;
    case "booking.updated":
      return `Booking ${name} was updated (${changedFields.join(", ").replaceAll("_", " ")})`;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * An instant as people say it. A formatter is expensive to make and there are few zones.
 * @param timeZone IANA zone in which it is told
 */
export function describeTime(instant: string, timeZone: string): string {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      weekday: "short",
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
    });
    formats.set(timeZone, format);
  }
  return format.format(new Date(instant));
}
