import type { SlotwireClient } from "@slotwire/client";
import { RealTimeBookingEvents } from "@slotwire/react";
import "@slotwire/react/real-time-booking-events.css";

interface FeedProps {
  /** Whose live feed is counted. */
  client: SlotwireClient;
  onOpen: (bookingId: string) => void;
}

/** The organisation's events as they happen. The page's own live region reads them out. */
export function Feed({ client, onOpen }: FeedProps) {
  return (
    <RealTimeBookingEvents
      client={client}
      toasts={false}
      readOut={false}
      onOpen={onOpen}
      className="p-5 sm:p-6 [--slotwire-events-height:20rem] xl:[--slotwire-events-height:29.5rem]"
    />
  );
}
