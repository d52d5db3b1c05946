import type { Booking, BookingEventType, BookingStatus, ChangeKind } from "./booking.ts";

/** What the event of a change is called, from what really changed. */
export function eventTypeOf(
  before: Booking,
  after: Pick<Booking, "status" | "startsAt" | "endsAt" | "provider" | "paymentStatus">,
  kind: ChangeKind,
): BookingEventType {
  const moved = before.startsAt !== after.startsAt || before.endsAt !== after.endsAt;
  const open = after.status === "confirmed" || after.status === "pending";
  if (open && (kind === "rescheduled" || moved)) return "booking.rescheduled";
  if (before.status !== after.status) return stepType(before.status, after.status);
  if (moved) return "booking.rescheduled";
  if (providerKey(before) !== providerKey(after)) return "booking.reassigned";
  if (before.paymentStatus !== after.paymentStatus) return "booking.payment_updated";
  return "booking.updated";
}

function stepType(from: BookingStatus, to: BookingStatus): BookingEventType {
  switch (to) {
    case "pending":
      return "booking.updated";
    case "confirmed":
      if (from === "pending") return "booking.confirmed";
      if (from === "no_show") return "booking.no_show_cleared";
      return from === "checked_in" ? "booking.updated" : "booking.reinstated";
    case "checked_in":
      return from === "in_progress" ? "booking.updated" : "booking.checked_in";
    case "in_progress":
      return "booking.started";
    case "completed":
      return from === "no_show" ? "booking.no_show_cleared" : "booking.completed";
    case "no_show":
      return "booking.no_show";
    case "cancelled":
      return "booking.cancelled";
    case "rejected":
      return "booking.rejected";
  }
}

function providerKey({ provider }: Pick<Booking, "provider">): string {
  return provider === null ? "" : `${provider.email ?? ""}|${provider.name ?? ""}`;
}
