import type { BookingResource } from "@slotwire/contract";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { isFresh } from "../../live/live-bookings.ts";
import { t } from "../../messages/messages.ts";
import { BookingStatusChip, spineColour } from "../../parts/booking-status.tsx";
import { Icon } from "../../parts/icon.tsx";
import { SubjectLines } from "../../parts/subject-lines.tsx";
import { formatDay, formatTime } from "../../time/format-time.ts";
import { dayOf, type Day } from "../../time/zoned-day.ts";
import { isStanding } from "./day-bookings.ts";
import { PendingNote } from "./pending-note.tsx";
import { who } from "./who.ts";

interface BookingRowProps {
  booking: BookingResource;
  now: number | null;
  day: Day;
  zone: string;
}

/** One booking in the day's list. The whole row leads to it. */
export function BookingRow({ booking, now, day, zone }: BookingRowProps) {
  const stands = isStanding(booking);
  const isCurrent =
    now !== null &&
    stands &&
    Date.parse(booking.starts_at) <= now &&
    now < Date.parse(booking.ends_at);
  return (
    <li
      data-booking={booking.booking_number}
      className={`relative isolate grid grid-cols-[3rem_3px_minmax(0,1fr)] items-center gap-x-3 gap-y-1 border-t border-line px-4 py-2 first:border-t-0 hover:bg-raised @xl:grid-cols-[3rem_3px_minmax(0,1.5fr)_minmax(0,1fr)_7.25rem_1.75rem] ${isCurrent ? "bg-raised" : ""}`}
    >
      <Highlight key={booking.version} booking={booking} />
      <Times booking={booking} day={day} zone={zone} />
      <span
        aria-hidden="true"
        className={`row-span-2 self-stretch rounded-full @xl:row-span-1 ${spineColour(booking.status)}`}
      />
      <Person booking={booking} stands={stands} />
      <Work booking={booking} />
      <div className="col-start-3 flex min-w-0 items-center gap-2 @xl:col-start-auto">
        <BookingStatusChip status={booking.status} />
        <span className="truncate text-sm text-muted @xl:hidden">{who(booking).about}</span>
      </div>
      <JoinLink booking={booking} stands={stands} />
    </li>
  );
}

function Times({ booking, day, zone }: Pick<BookingRowProps, "booking" | "day" | "zone">) {
  const lastDay = dayOf(booking.ends_at, zone);
  return (
    <p className="row-span-2 self-start leading-tight @xl:row-span-1 @xl:self-center">
      <time dateTime={booking.starts_at} className="block font-semibold">
        {formatTime(booking.starts_at, zone)}
      </time>
      <time
        dateTime={booking.ends_at}
        className="text-sm text-muted"
        title={lastDay > day ? t.today.continues(formatDay(lastDay)) : undefined}
      >
        {formatTime(booking.ends_at, zone)}
        {lastDay > day && "⁺"}
      </time>
    </p>
  );
}

function Person({ booking, stands }: { booking: BookingResource; stands: boolean }) {
  const { name, others, about } = who(booking);
  return (
    <div className="min-w-0 leading-snug">
      <p className="flex min-w-0 items-baseline gap-1.5">
        <Link
          to="/bookings/$bookingId"
          params={{ bookingId: booking.id }}
          className={`truncate after:absolute after:inset-0 hover:underline ${stands ? "font-semibold" : "text-muted line-through"}`}
        >
          {name}
        </Link>
        {others > 0 && <span className="text-sm text-muted">{t.booking.others(others)}</span>}
        <span className="text-sm text-muted">{t.booking.number(booking.booking_number)}</span>
      </p>
      <PendingNote bookingId={booking.id} />
      {booking.subjects.length > 0 && (
        <div className="text-sm text-muted">
          <SubjectLines subjects={booking.subjects} />
        </div>
      )}
      {about !== null && <p className="hidden truncate text-sm text-muted @xl:block">{about}</p>}
    </div>
  );
}

function Work({ booking }: { booking: BookingResource }) {
  const provider = booking.provider?.name ?? booking.provider?.email;
  const name = booking.service?.name ?? booking.service?.key;
  const service = name === who(booking).about ? null : name;
  return (
    <div className="hidden min-w-0 text-sm leading-snug @xl:block">
      <p className="truncate">{provider}</p>
      <p className="truncate text-muted">{service}</p>
    </div>
  );
}

function JoinLink({ booking, stands }: { booking: BookingResource; stands: boolean }) {
  if (!stands || booking.meeting_url === null || !/^https?:/i.test(booking.meeting_url))
    return null;
  const label = t.booking.joinLabel(who(booking).name);
  return (
    <a
      href={booking.meeting_url}
      target="_blank"
      rel="noreferrer"
      aria-label={label}
      title={label}
      className="absolute top-1.5 right-3 z-10 grid size-8 place-items-center justify-self-end rounded-lg bg-accent-soft text-accent hover:bg-accent hover:text-on-accent @xl:static @xl:size-7"
    >
      <Icon name="video" />
    </a>
  );
}

/** A tint that fades: shown once for every version that came in live. */
function Highlight({ booking }: { booking: BookingResource }) {
  const [isNew] = useState(() => isFresh(booking));
  if (!isNew) return null;
  return (
    <span
      aria-hidden="true"
      data-arrived
      className="pointer-events-none absolute inset-0 -z-10 animate-arrive bg-accent-soft"
    />
  );
}
