"use client";

import type { ReactElement } from "react";
import { LiveEvents, type LiveEventsOptions } from "./live-events/live-events.tsx";

export interface RealTimeBookingEventsProps extends LiveEventsOptions {
  /** Whose events are shown; those of all bookings when absent. */
  readonly bookingId?: string;
  /** Shows those of the signed-in user's bookings too; without `bookingId`, those alone. */
  readonly showUserEvents?: boolean;
}

/** Booking events as they happen. Styled by `real-time-booking-events.css`. */
export function RealTimeBookingEvents({
  bookingId,
  showUserEvents = false,
  ...options
}: RealTimeBookingEventsProps): ReactElement {
  const own = showUserEvents ? [{ userId: "me" }] : [];
  const [first = {}, second] = [...(bookingId === undefined ? [] : [{ bookingId }]), ...own];
  return (
    <LiveEvents
      {...options}
      parts={second === undefined ? [first] : [first, second]}
      title={(words) => words.title}
    />
  );
}
