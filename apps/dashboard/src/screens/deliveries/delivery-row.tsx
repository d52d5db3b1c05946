import type { DeliveryResource } from "@slotwire/contract";
import { Link } from "@tanstack/react-router";
import type { DeliveriesSearch } from "../../api/search.ts";
import { t } from "../../messages/messages.ts";
import { DeliveryOutcome } from "../../parts/delivery-outcome.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { relativeTime } from "../../time/relative-time.ts";
import { useNow } from "../../time/use-now.ts";
import { answerWords } from "./answer-words.ts";
import { shortReason } from "./stop-words.ts";

interface DeliveryRowProps {
  delivery: DeliveryResource;
  isOpen: boolean;
  /** Kept in the address when the delivery is opened. */
  search?: DeliveriesSearch;
}

/** One delivery in the list. The whole row opens it. */
export function DeliveryRow({ delivery, isOpen, search = {} }: DeliveryRowProps) {
  return (
    <li
      className={`relative grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 px-4 py-2.5 hover:bg-raised @3xl:grid-cols-[8.5rem_minmax(0,1fr)_minmax(0,14rem)_6.5rem] ${isOpen ? "bg-accent-soft" : ""}`}
    >
      <span className="order-1 justify-self-start @3xl:order-none">
        <DeliveryOutcome status={delivery.status} />
      </span>
      <div className="order-3 col-span-2 min-w-0 @3xl:order-none @3xl:col-span-1">
        <p className="flex min-w-0 items-baseline gap-1.5">
          <Link
            to="/deliveries/$deliveryId"
            params={{ deliveryId: delivery.id }}
            search={search}
            aria-current={isOpen ? "true" : undefined}
            className="truncate font-medium after:absolute after:inset-0 hover:underline"
          >
            {t.deliveries.eventTypes[delivery.event_type] ?? delivery.event_type}
          </Link>
          <BookingNumber delivery={delivery} />
          {delivery.replay_of !== null && (
            <span className="text-xs whitespace-nowrap text-muted">{t.deliveries.anew}</span>
          )}
          <span className="truncate text-sm text-muted @3xl:hidden">
            → {delivery.destination_name}
          </span>
        </p>
        <p className="hidden truncate text-sm text-muted @3xl:block">
          → {delivery.destination_name}
        </p>
      </div>
      <p className="order-4 col-span-2 text-sm text-muted @3xl:order-none @3xl:col-span-1">
        <Progress delivery={delivery} />
      </p>
      <span className="order-2 justify-self-end text-sm text-muted @3xl:order-none">
        <TimeAgo at={delivery.created_at} />
      </span>
    </li>
  );
}

/** Leads to the booking of a delivery; nothing when it tells of none. */
export function BookingNumber({ delivery }: { delivery: DeliveryResource }) {
  const { booking_id: bookingId, booking_number: number } = delivery;
  if (bookingId === null || number === null) return null;
  return (
    <Link
      to="/bookings/$bookingId"
      params={{ bookingId }}
      className="relative z-10 text-sm font-medium text-accent hover:underline"
    >
      {t.booking.number(number)}
    </Link>
  );
}

function Progress({ delivery }: { delivery: DeliveryResource }) {
  const now = useNow();
  const words = [
    delivery.attempt_count > 0 ? t.deliveries.attemptCount(delivery.attempt_count) : null,
    delivery.attempt_count > 0
      ? answerWords(delivery.last_status_code, delivery.error_class)
      : null,
    delivery.status === "retrying" && delivery.next_attempt_at !== null
      ? t.deliveries.next(relativeTime(delivery.next_attempt_at, now))
      : null,
    shortReason(delivery),
  ];
  return words.filter((word) => word !== null).join(" · ");
}
