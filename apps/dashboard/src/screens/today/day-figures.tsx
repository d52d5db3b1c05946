import { Link } from "@tanstack/react-router";
import type { BookingResource } from "@slotwire/contract";
import { t } from "../../messages/messages.ts";
import { formatTime } from "../../time/format-time.ts";
import { relativeTime } from "../../time/relative-time.ts";
import { who } from "./who.ts";
import { summariseDay, type DaySummary } from "./day-summary.ts";

interface DayFiguresProps {
  bookings: readonly BookingResource[];
  now: number;
  isToday: boolean;
  zone: string;
}

/** How many, how many open, and what comes next. */
export function DayFigures({ bookings, now, isToday, zone }: DayFiguresProps) {
  const summary = summariseDay(bookings, now);
  return (
    <div className="panel flex flex-wrap">
      <dl className="grid basis-full grid-cols-3 divide-x divide-line sm:basis-auto">
        <Figure name={t.today.bookings} value={summary.standing} />
        <Figure name={t.today.unconfirmed} value={summary.unconfirmed} isUrgent />
        <Figure name={t.today.cancelled} value={summary.cancelled} />
      </dl>
      {isToday && <NextUp summary={summary} now={now} zone={zone} />}
    </div>
  );
}

interface FigureProps {
  name: string;
  value: number;
  /** Somebody should do something about it when it is more than none. */
  isUrgent?: boolean;
}

function Figure({ name, value, isUrgent = false }: FigureProps) {
  const colour = value === 0 ? "text-muted" : isUrgent ? "text-warn" : "text-ink";
  return (
    <div className="flex flex-col-reverse justify-end px-4 py-3 sm:min-w-26">
      <dt className="text-xs text-muted">{name}</dt>
      <dd className={`text-2xl leading-8 font-semibold ${colour}`}>{value}</dd>
    </div>
  );
}

function NextUp({ summary, now, zone }: { summary: DaySummary; now: number; zone: string }) {
  const { next, current } = summary;
  return (
    <div className="flex min-w-0 basis-full flex-col justify-center border-t border-line px-4 py-3 sm:flex-1 sm:basis-56 sm:border-t-0 sm:border-l">
      {next === null ? (
        <p className="text-muted">{t.today.nothingNext}</p>
      ) : (
        <p className="flex min-w-0 items-baseline gap-2 leading-8">
          <span className="text-lg font-semibold">{formatTime(next.starts_at, zone)}</span>
          <Link
            to="/bookings/$bookingId"
            params={{ bookingId: next.id }}
            className="truncate font-medium hover:underline"
          >
            {who(next).name}
          </Link>
          <span className="ml-auto whitespace-nowrap text-accent">
            {relativeTime(next.starts_at, now)}
          </span>
        </p>
      )}
      <p className="text-xs text-muted">
        {t.today.nextUp}
        {current.length > 0 && ` · ${t.today.underWay(current.length)}`}
      </p>
    </div>
  );
}
