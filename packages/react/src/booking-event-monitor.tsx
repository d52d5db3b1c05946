"use client";

import type { ReactElement } from "react";
import { LiveEvents, type LiveEventsOptions } from "./live-events/live-events.tsx";

export interface BookingEventMonitorProps extends LiveEventsOptions {
  readonly bookingId: string;
}

/** The events of one booking as they happen. Styled by `real-time-booking-events.css`. */
export function BookingEventMonitor({
  bookingId,
  ...options
}: BookingEventMonitorProps): ReactElement {
  return <LiveEvents {...options} parts={[{ bookingId }]} title={(words) => words.ofBooking} />;
}
