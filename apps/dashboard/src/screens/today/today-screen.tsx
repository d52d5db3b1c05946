import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { dayQuery } from "../../api/queries.ts";
import { useLiveBookings } from "../../live/live-bookings.ts";
import { t } from "../../messages/messages.ts";
import { PageHeader } from "../../parts/page-header.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { useMay } from "../../session/use-may.ts";
import { useSession } from "../../session/use-session.ts";
import { formatDay, formatZone } from "../../time/format-time.ts";
import { useNow } from "../../time/use-now.ts";
import { dayOf, type Day } from "../../time/zoned-day.ts";
import { Agenda } from "./agenda-list.tsx";
import { mergeDay } from "./day-bookings.ts";
import { DaySwitch } from "./day-switch.tsx";
import { DayFigures } from "./day-figures.tsx";
import { NoBookings } from "./no-bookings.tsx";
import { RecentDeliveries, RecentMessages } from "./recent-traffic.tsx";

const route = getRouteApi("/app/");

/** The day's bookings, as they change. */
export function TodayScreen() {
  const { organisation } = useSession();
  const may = useMay();
  const hasTraffic = may("inbox:read") || may("deliveries:read");
  const zone = organisation.time_zone;
  const now = useNow();
  const today = dayOf(now, zone);
  const day = route.useSearch().on ?? today;
  return (
    <>
      <PageHeader
        title={formatDay(day)}
        above={
          <>
            <span className="max-lg:hidden">{organisation.name} · </span>
            {t.today.zoneNote(zone, formatZone(now, zone))}
          </>
        }
      >
        <DaySwitch day={day} today={today} />
      </PageHeader>
      <div
        className={`grid gap-x-5 gap-y-6 xl:items-start ${hasTraffic ? "xl:grid-cols-[minmax(0,1fr)_18rem]" : ""}`}
      >
        <DayBoard day={day} isToday={day === today} now={now} zone={zone} />
        <aside className="grid min-w-0 gap-6 sm:grid-cols-2 xl:grid-cols-1">
          {may("inbox:read") && <RecentMessages />}
          {may("deliveries:read") && <RecentDeliveries />}
        </aside>
      </div>
    </>
  );
}

interface DayBoardProps {
  day: Day;
  isToday: boolean;
  now: number;
  zone: string;
}

function DayBoard({ day, isToday, now, zone }: DayBoardProps) {
  const read = useQuery(dayQuery(day));
  const live = useLiveBookings();
  const bookings = useMemo(
    () => (read.data === undefined ? null : mergeDay(read.data, live, day, zone)),
    [read.data, live, day, zone],
  );
  return (
    <section aria-label={t.today.agenda} className="min-w-0 space-y-4">
      {read.error && <ProblemPanel error={read.error} onRetry={() => void read.refetch()} />}
      {bookings && bookings.length > 0 && (
        <DayFigures bookings={bookings} now={now} isToday={isToday} zone={zone} />
      )}
      {(bookings !== null || !read.error) && (
        <div className="panel overflow-hidden">
          {bookings === null && <ListSkeleton lines={8} />}
          {bookings?.length === 0 && (
            <NoBookings day={day} isToday={isToday} now={now} zone={zone} />
          )}
          {bookings && bookings.length > 0 && (
            <Agenda bookings={bookings} now={isToday ? now : null} day={day} zone={zone} />
          )}
        </div>
      )}
    </section>
  );
}
