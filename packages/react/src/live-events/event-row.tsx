"use client";

import type { BookingEvent, BookingEventType } from "@slotwire/contract";
import type { ReactElement } from "react";
import type { Language } from "../messages/en.ts";
import { Chip } from "../parts/status-chip.tsx";
import { formatTime } from "../time/format-time.ts";
import { bookingName } from "./news-words.ts";

/** Tone and icon of each type; nobody has to tell colours apart. */
const looks: Readonly<Record<BookingEventType, readonly [tone: string, icon: string]>> = {
  "booking.created": ["info", "+"],
  "booking.confirmed": ["ok", "✓"],
  "booking.rescheduled": ["warn", "→"],
  "booking.updated": ["quiet", "✎"],
  "booking.cancelled": ["bad", "✕"],
  "booking.rejected": ["bad", "✕"],
  "booking.checked_in": ["info", "⚑"],
  "booking.started": ["info", "▶"],
  "booking.completed": ["ok", "✓"],
  "booking.no_show": ["bad", "∅"],
  "booking.no_show_cleared": ["ok", "↶"],
  "booking.reinstated": ["ok", "↶"],
  "booking.reassigned": ["warn", "⇄"],
  "booking.deleted": ["bad", "✕"],
  "booking.payment_updated": ["quiet", "¤"],
  "booking.customer_linked": ["quiet", "∞"],
  "booking.subject_linked": ["quiet", "∞"],
};

/** One event: what, of which booking, when and by whom. */
export function EventRow({
  event,
  words,
  locale,
  zone,
  onOpen,
}: {
  readonly event: BookingEvent;
  readonly words: Language["events"];
  readonly locale: string;
  /** As `useZone` tells it: times wait for it. */
  readonly zone: string | null | undefined;
  readonly onOpen: ((bookingId: string) => void) | undefined;
}): ReactElement {
  const { type, booking_number: number, booking_id: id, occurred_at: at } = event;
  const name = bookingName(event);
  const said = [name !== `#${number}` && name, event.actor.name && words.by(event.actor.name)];
  const [tone, icon] = looks[type] ?? ["quiet", "•"];
  return (
    <li className="sw-event">
      <Chip tone={tone} icon={icon}>
        {words.types[type] ?? type}
      </Chip>
      <p className="sw-event-text">{words.describe(event)}</p>
      <p className="sw-muted">
        {onOpen === undefined ? (
          `#${number}`
        ) : (
          <button type="button" className="sw-event-open" onClick={() => onOpen(id)}>
            #{number}
          </button>
        )}
        {said.map((part) => part && ` · ${part}`)}
      </p>
      <time className="sw-muted" dateTime={at}>
        {formatTime("dateTime", at, locale, zone)}
      </time>
    </li>
  );
}
