"use client";

import type { ReactElement } from "react";
import { LiveEvents, type LiveEventsOptions } from "./live-events/live-events.tsx";

export interface UserEventMonitorProps extends LiveEventsOptions {
  /** The id of a member; who is signed in, when absent. */
  readonly userId?: string;
}

/**
 * The events that a member made, and those of bookings whose provider they are. Styled by
 * `real-time-booking-events.css`.
 */
export function UserEventMonitor({ userId, ...options }: UserEventMonitorProps): ReactElement {
  return (
    <LiveEvents
      {...options}
      parts={[{ userId: userId ?? "me" }]}
      title={(words) => (userId === undefined ? words.ofUser : words.ofMember)}
    />
  );
}
