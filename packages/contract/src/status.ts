/**
 * The canonical states of a booking. "Rescheduled" is an event, never a state;
 * deletion is a time (`deleted_at`), never a state.
 */
export const bookingStatuses = [
  "pending",
  "confirmed",
  "checked_in",
  "in_progress",
  "completed",
  "no_show",
  "cancelled",
  "rejected",
] as const;

export type BookingStatus = (typeof bookingStatuses)[number];

/** The types of entries in the booking event log, as they travel on the wire. */
export const bookingEventTypes = [
  "booking.created",
  "booking.confirmed",
  "booking.rescheduled",
  "booking.updated",
  "booking.cancelled",
  "booking.rejected",
  "booking.checked_in",
  "booking.started",
  "booking.completed",
  "booking.no_show",
  "booking.no_show_cleared",
  "booking.reinstated",
  "booking.reassigned",
  "booking.deleted",
  "booking.payment_updated",
  "booking.customer_linked",
  "booking.subject_linked",
] as const;

export type BookingEventType = (typeof bookingEventTypes)[number];

/** Who caused an entry of the event log. */
export const actorKinds = ["user", "api_key", "connection", "system", "customer"] as const;

export type ActorKind = (typeof actorKinds)[number];
