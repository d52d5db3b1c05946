import type { ConnectionResource } from "@slotwire/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { comingQuery, connectionsQuery } from "../../api/queries.ts";
import { useLiveBookings } from "../../live/live-bookings.ts";
import { t } from "../../messages/messages.ts";
import { LinkButton } from "../../parts/button.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { useMay } from "../../session/use-may.ts";
import { formatDateTime } from "../../time/format-time.ts";
import { relativeTime } from "../../time/relative-time.ts";
import { startOfDay } from "../../time/start-of-day.ts";
import { addDays, type Day } from "../../time/zoned-day.ts";
import { stateOf } from "../connections/connection-state.ts";
import { nextBooking } from "./next-booking.ts";
import { who } from "./who.ts";

interface NoBookingsProps {
  day: Day;
  isToday: boolean;
  now: number;
  zone: string;
}

/** An empty day: what is connected, when it was heard of last, and what comes next. */
export function NoBookings({ day, isToday, now, zone }: NoBookingsProps) {
  const may = useMay();
  const mayRead = may("connections:read");
  const query = useQuery({ ...connectionsQuery, enabled: isToday && mayRead });
  const connections = query.data?.data;
  if (isToday && mayRead && connections === undefined && !query.error) {
    return <ListSkeleton lines={8} />;
  }
  const isUnconnected = connections?.length === 0;
  return (
    <EmptyState
      icon="today"
      title={isToday ? t.today.emptyTitle : t.today.emptyOtherTitle}
      text={textOn(connections)}
    >
      {connections && connections.length > 0 && <Sources connections={connections} now={now} />}
      <Next from={startOfDay(addDays(day, 1), zone)} zone={zone} />
      {isUnconnected && may("connections:manage") && (
        <LinkButton to="/connect" weight="primary" icon="plug">
          {t.today.emptyAction}
        </LinkButton>
      )}
    </EmptyState>
  );
}

/** What has to happen for a booking to appear. */
function textOn(connections: readonly ConnectionResource[] | undefined): string {
  if (connections?.length === 0) return t.today.unconnectedText;
  const isSilent = connections?.every(({ last_message_at: last }) => last === null) === true;
  return isSilent ? t.today.silentText : t.today.emptyText;
}

/** More are told by their number. */
const shown = 5;

function Sources({
  connections,
  now,
}: {
  connections: readonly ConnectionResource[];
  now: number;
}) {
  const more = connections.length - shown;
  return (
    <ul
      aria-label={t.today.sources.title}
      className="w-full max-w-md divide-y divide-line rounded-lg border border-line text-left text-sm"
    >
      {connections.slice(0, shown).map((connection) => (
        <Source key={connection.id} connection={connection} now={now} />
      ))}
      {more > 0 && (
        <li className="px-3 py-2">
          <Link to="/settings/connections" className="text-accent hover:underline">
            {t.today.sources.more(more)}
          </Link>
        </li>
      )}
    </ul>
  );
}

const looks: Readonly<
  Record<ReturnType<typeof stateOf>["is"], { readonly colour: string; readonly icon: IconName }>
> = {
  paused: { colour: "text-warn", icon: "pause" },
  waiting: { colour: "text-info", icon: "clock" },
  refused: { colour: "text-bad", icon: "warn" },
  arrived: { colour: "text-ok", icon: "check" },
  working: { colour: "text-ok", icon: "check" },
};

function Source({ connection, now }: { connection: ConnectionResource; now: number }) {
  const { is } = stateOf(connection, now);
  const { colour, icon } = looks[is];
  const { last_message_at: last } = connection;
  const words = t.today.sources;
  return (
    <li className="relative flex flex-wrap items-center gap-x-2 px-3 py-2 hover:bg-raised">
      <Icon name={icon} className={`size-4 ${colour}`} />
      <Link
        to="/settings/connections"
        className="min-w-0 flex-1 truncate font-medium after:absolute after:inset-0 hover:underline"
      >
        {connection.name}
      </Link>
      <span className="text-muted">
        {is === "arrived" || is === "working"
          ? words.last(relativeTime(last ?? "", now))
          : words.states[is]}
      </span>
    </li>
  );
}

/** The next booking after the day. */
function Next({ from, zone }: { from: string; zone: string }) {
  const query = useQuery(comingQuery(from));
  const live = useLiveBookings();
  if (query.data === undefined) return null;
  const next = nextBooking(query.data.data, live, from);
  if (next === null) return <p className="text-sm text-muted">{t.today.nothingComing}</p>;
  return (
    <p className="text-sm wrap-anywhere">
      <span className="text-muted">{t.today.coming} </span>
      <Link
        to="/bookings/$bookingId"
        params={{ bookingId: next.id }}
        className="font-medium text-accent hover:underline"
      >
        {formatDateTime(next.starts_at, zone)}, {who(next).name}
      </Link>
    </p>
  );
}
