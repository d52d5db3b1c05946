import type { InboundMessageResource } from "@slotwire/contract";
import { Link } from "@tanstack/react-router";
import type { InboxSearch } from "../../api/search.ts";
import { t } from "../../messages/messages.ts";
import { Icon } from "../../parts/icon.tsx";
import { MessageOutcome } from "../../parts/message-outcome.tsx";
import { useZone } from "../../session/use-session.ts";
import { summaryOf } from "../../parts/summary-of.ts";
import { TimeAgo } from "../../parts/time-ago.tsx";

interface MessageRowProps {
  message: InboundMessageResource;
  isOpen: boolean;
  /** Kept in the address when the message is opened. */
  search?: InboxSearch;
}

/** One message in the inbox. The whole row opens it. */
export function MessageRow({ message, isOpen, search = {} }: MessageRowProps) {
  const zone = useZone();
  return (
    <li
      className={`relative grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 px-4 py-2.5 hover:bg-raised @3xl:grid-cols-[8.5rem_minmax(0,1fr)_auto_5.5rem_6.5rem] ${isOpen ? "bg-accent-soft" : ""}`}
    >
      <span className="order-1 justify-self-start @3xl:order-none">
        <MessageOutcome message={message} />
      </span>
      <div className="order-3 col-span-2 min-w-0 @3xl:order-none @3xl:col-span-1">
        <Link
          to="/inbox/$messageId"
          params={{ messageId: message.id }}
          search={search}
          aria-current={isOpen ? "true" : undefined}
          className="line-clamp-2 font-medium after:absolute after:inset-0 hover:underline @3xl:line-clamp-1"
        >
          {summaryOf(message, zone)}
        </Link>
        <p className="flex flex-wrap gap-x-3 text-xs text-muted">
          <span className="max-w-full truncate">{message.connection_name}</span>
          {message.trigger && <span className="font-mono">{message.trigger}</span>}
          {message.warning !== null && (
            <span className="font-medium text-warn" title={message.warning}>
              {t.inbox.hasWarning}
            </span>
          )}
          {message.deliveries > 1 && (
            <span className="font-medium text-info">
              {t.inbox.told(message.deliveries, message.effects)}
            </span>
          )}
        </p>
      </div>
      <span
        className="order-4 hidden text-muted @3xl:order-none @3xl:inline"
        title={t.inbox.signatures[message.signature_state]}
      >
        <Icon name={message.signature_state === "not_required" ? "link" : "shield"} />
        <span className="sr-only">{t.inbox.signatures[message.signature_state]}</span>
      </span>
      <span className="order-5 hidden text-sm @3xl:order-none @3xl:inline">
        <BookingLink message={message} />
      </span>
      <span className="order-2 justify-self-end text-sm text-muted @3xl:order-none">
        <TimeAgo at={message.received_at} />
      </span>
    </li>
  );
}

/** Leads to the booking that a message is about; nothing when there is none. */
export function BookingLink({
  message,
}: {
  message: Pick<InboundMessageResource, "booking_id" | "booking_number">;
}) {
  if (message.booking_id === null || message.booking_number === null) return null;
  return (
    <Link
      to="/bookings/$bookingId"
      params={{ bookingId: message.booking_id }}
      className="relative z-10 font-medium text-accent hover:underline"
    >
      {t.booking.number(message.booking_number)}
    </Link>
  );
}
