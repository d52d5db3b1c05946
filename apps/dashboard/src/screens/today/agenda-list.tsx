import type { BookingResource } from "@slotwire/contract";
import { useMemo } from "react";
import { t } from "../../messages/messages.ts";
import { formatTime } from "../../time/format-time.ts";
import { duration } from "../../time/relative-time.ts";
import type { Day } from "../../time/zoned-day.ts";
import { layOutAgenda, type AgendaLine } from "./agenda.ts";
import { BookingRow } from "./booking-row.tsx";

interface AgendaProps {
  bookings: readonly BookingResource[];
  /** Milliseconds since the epoch, or null when the day is not today. */
  now: number | null;
  day: Day;
  zone: string;
}

/** The day as a list: bookings by time, free time between them, and where now is. */
export function Agenda({ bookings, now, day, zone }: AgendaProps) {
  const lines = useMemo(() => layOutAgenda(bookings, now), [bookings, now]);
  return (
    <ol className="@container">
      {lines.map((line) => (
        <Line key={keyOf(line)} line={line} now={now} day={day} zone={zone} />
      ))}
    </ol>
  );
}

function keyOf(line: AgendaLine): string {
  if (line.kind === "booking") return line.booking.id;
  return line.kind === "gap" ? `gap ${line.key}` : "now";
}

interface LineProps extends Omit<AgendaProps, "bookings"> {
  line: AgendaLine;
}

function Line({ line, now, day, zone }: LineProps) {
  if (line.kind === "booking") {
    return <BookingRow booking={line.booking} now={now} day={day} zone={zone} />;
  }
  if (line.kind === "gap") {
    return (
      <li className="border-t border-line bg-raised px-4 py-1 text-xs text-muted first:border-t-0">
        <span className="inline-block @xl:pl-[4.6875rem]">
          {t.today.free(duration(line.minutes))}
        </span>
      </li>
    );
  }
  return (
    <li className="relative z-10 h-0 first:mt-3 last:mb-3" data-now>
      <span className="absolute inset-x-0 -top-px border-t-2 border-now" aria-hidden="true" />
      <span className="absolute -top-2.5 right-3 rounded-full bg-now px-2 text-xs leading-5 font-semibold text-surface">
        {t.today.now} {now !== null && formatTime(now, zone)}
      </span>
    </li>
  );
}
