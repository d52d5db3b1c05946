import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { deliveriesQuery, messagesQuery } from "../../api/queries.ts";
import { t } from "../../messages/messages.ts";
import { DeliveryOutcome } from "../../parts/delivery-outcome.tsx";
import { MessageOutcome } from "../../parts/message-outcome.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { useZone } from "../../session/use-session.ts";
import { summaryOf } from "../../parts/summary-of.ts";
import { TimeAgo } from "../../parts/time-ago.tsx";

/** How many of the last ones are shown. */
const shown = 5;

/** The last messages of the sources. */
export function RecentMessages() {
  const zone = useZone();
  const query = useInfiniteQuery(messagesQuery());
  const rows = query.data?.pages[0]?.data.slice(0, shown);
  return (
    <Traffic title={t.today.cameIn} to="/inbox" error={query.error} isLoading={query.isPending}>
      {rows?.length === 0 && <None text={t.today.cameInEmpty} />}
      {rows?.map((message) => (
        <li key={message.id} className="relative px-4 py-2.5 hover:bg-raised">
          <p className="flex items-center justify-between gap-2">
            <MessageOutcome message={message} />
            <span className="text-xs text-muted">
              <TimeAgo at={message.received_at} />
            </span>
          </p>
          <Link
            to="/inbox/$messageId"
            params={{ messageId: message.id }}
            className="mt-1 line-clamp-2 text-sm after:absolute after:inset-0 hover:underline"
          >
            {summaryOf(message, zone)}
          </Link>
          <p className="truncate text-xs text-muted">
            {message.connection_name}
            {message.deliveries > 1 && ` · ${t.inbox.told(message.deliveries, message.effects)}`}
          </p>
        </li>
      ))}
    </Traffic>
  );
}

/** The last deliveries to destinations. */
export function RecentDeliveries() {
  const query = useInfiniteQuery(deliveriesQuery());
  const rows = query.data?.pages[0]?.data.slice(0, shown);
  return (
    <Traffic
      title={t.today.wentOut}
      to="/deliveries"
      error={query.error}
      isLoading={query.isPending}
    >
      {rows?.length === 0 && <None text={t.today.wentOutEmpty} />}
      {rows?.map((delivery) => (
        <li key={delivery.id} className="relative px-4 py-2.5 hover:bg-raised">
          <p className="flex items-center justify-between gap-2">
            <DeliveryOutcome status={delivery.status} />
            <span className="text-xs text-muted">
              <TimeAgo at={delivery.delivered_at ?? delivery.created_at} />
            </span>
          </p>
          <Link
            to="/deliveries/$deliveryId"
            params={{ deliveryId: delivery.id }}
            className="mt-1 block truncate text-sm after:absolute after:inset-0 hover:underline"
          >
            {t.deliveries.eventTypes[delivery.event_type] ?? delivery.event_type}{" "}
            {delivery.booking_number !== null && t.booking.number(delivery.booking_number)} →{" "}
            {delivery.destination_name}
          </Link>
        </li>
      ))}
    </Traffic>
  );
}

interface TrafficProps {
  title: string;
  to: "/inbox" | "/deliveries";
  error: unknown;
  isLoading: boolean;
  children: ReactNode;
}

function Traffic({ title, to, error, isLoading, children }: TrafficProps) {
  return (
    <section className="min-w-0" aria-label={title}>
      <div className="mb-2 flex items-baseline justify-between px-1">
        <h2 className="text-sm font-semibold">{title}</h2>
        <Link
          to={to}
          aria-label={`${t.today.seeAll}: ${title}`}
          className="text-sm text-accent hover:underline"
        >
          {t.today.seeAll}
        </Link>
      </div>
      {error !== null && error !== undefined ? (
        <ProblemPanel error={error} />
      ) : (
        <div className="panel overflow-hidden">
          {isLoading ? (
            <ListSkeleton lines={3} />
          ) : (
            <ul className="divide-y divide-line">{children}</ul>
          )}
        </div>
      )}
    </section>
  );
}

function None({ text }: { text: string }) {
  return <li className="px-4 py-3 text-sm text-muted">{text}</li>;
}
