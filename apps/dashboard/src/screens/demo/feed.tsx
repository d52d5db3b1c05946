import type { BookingEvent } from "@slotwire/contract";
import { useOrgBookingEvents } from "@slotwire/react";
import { Link } from "@tanstack/react-router";
import { hub } from "../../api/hub.ts";
import { demo as words } from "../../messages/demo.ts";
import { BookingStatusChip, spineColour } from "../../parts/booking-status.tsx";
import { Button } from "../../parts/button.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { useZone } from "../../session/use-session.ts";
import { formatTimeWithSeconds } from "../../time/format-time.ts";

const text = words.feed;
const MOST = 30;

/** The organisation's events as they happen. What they say is announced by the page's live region. */
export function Feed() {
  const zone = useZone();
  const { events, clearEvents } = useOrgBookingEvents({ client: hub, maxEvents: MOST });
  return (
    <section aria-labelledby="demo-feed" className="panel min-w-0 overflow-hidden">
      <div className="flex items-start justify-between gap-3 p-5 sm:px-6">
        <div className="min-w-0">
          <h2 id="demo-feed" className="text-lg font-semibold">
            {text.title}
          </h2>
          <p className="text-muted">{text.text}</p>
        </div>
        {events.length > 0 && (
          <Button icon="cross" onClick={clearEvents}>
            {text.clear}
          </Button>
        )}
      </div>
      {events.length === 0 ? (
        <EmptyState icon="feed" title={text.emptyTitle} text={text.emptyText} />
      ) : (
        <ol
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- WCAG 2.1.1: what scrolls has to be reachable by keyboard
          tabIndex={0}
          aria-labelledby="demo-feed"
          className="h-[26rem] divide-y divide-line overflow-y-auto border-t border-line"
        >
          {events.map((event) => (
            <FeedRow key={event.id} event={event} zone={zone} />
          ))}
        </ol>
      )}
    </section>
  );
}

function FeedRow({ event, zone }: { event: BookingEvent; zone: string }) {
  return (
    <li className="flex items-stretch gap-3 px-5 py-2.5 sm:px-6">
      <span aria-hidden="true" className={`w-1 rounded-full ${spineColour(event.new_status)}`} />
      <div className="min-w-0 flex-1">
        <p className="wrap-anywhere">
          <Link
            to="/bookings/$bookingId"
            params={{ bookingId: event.booking_id }}
            className="hover:underline"
          >
            {event.description}
          </Link>
        </p>
        <p className="text-xs text-muted">
          {formatTimeWithSeconds(event.recorded_at, zone)} · {text.seq(event.seq)}
        </p>
      </div>
      <span className="max-sm:hidden">
        <BookingStatusChip status={event.new_status} />
      </span>
    </li>
  );
}
