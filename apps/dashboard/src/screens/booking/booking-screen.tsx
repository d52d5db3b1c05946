import { ApiError } from "@slotwire/client";
import type { BookingResource } from "@slotwire/contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { bookingQuery } from "../../api/queries.ts";
import { useLiveBookings } from "../../live/live-bookings.ts";
import { t } from "../../messages/messages.ts";
import { BookingStatusChip } from "../../parts/booking-status.tsx";
import { Chip } from "../../parts/chip.tsx";
import { LinkButton } from "../../parts/button.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { PageSkeleton } from "../../parts/skeleton.tsx";
import { useZone } from "../../session/use-session.ts";
import { dayOf } from "../../time/zoned-day.ts";
import { who } from "../today/who.ts";
import { BookingChanges } from "./booking-changes.tsx";
import { BookingFacts } from "./booking-facts.tsx";
import { BookingTraffic } from "./booking-traffic.tsx";
import { ExternalIds } from "./external-ids.tsx";
import { Timeline } from "./timeline.tsx";

const route = getRouteApi("/app/bookings/$bookingId");

/** One booking: what it is, and why it is so. */
export function BookingScreen() {
  const { bookingId } = route.useParams();
  const query = useQuery(bookingQuery(bookingId));
  const live = useLiveBookings().get(bookingId);
  // What was read before stays beside the refusal, but is no longer this reader's to see.
  if (isNotFound(query.error)) return <NotShown wasShown={query.data !== undefined} />;
  const booking = newest(query.data, live);
  if (booking === undefined) {
    return query.error ? (
      <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <PageSkeleton />
    );
  }
  return (
    <>
      <Head booking={booking} />
      {query.error && <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />}
      <div className="grid gap-6 lg:grid-cols-2 lg:items-start xl:grid-cols-[minmax(0,26rem)_minmax(0,1fr)]">
        <div className="min-w-0 space-y-6">
          <BookingChanges booking={booking} />
          <BookingFacts booking={booking} />
          <ExternalIds refs={booking.external_refs} />
        </div>
        <div className="min-w-0 space-y-6">
          <Timeline bookingId={booking.id} />
          <BookingTraffic bookingId={booking.id} />
        </div>
      </div>
    </>
  );
}

const isNotFound = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

/** In the place of a booking that the hub does not show. */
function NotShown({ wasShown }: { wasShown: boolean }) {
  return (
    <>
      <PageHeader
        title={wasShown ? t.details.gone : t.details.notFound}
        below={wasShown ? t.details.goneText : t.details.notFoundText}
      />
      <LinkButton to="/" weight="primary">
        {t.notFound.home}
      </LinkButton>
    </>
  );
}

function newest(
  read: BookingResource | undefined,
  live: BookingResource | undefined,
): BookingResource | undefined {
  if (read === undefined || live === undefined) return read ?? live;
  return live.version > read.version ? live : read;
}

function Head({ booking }: { booking: BookingResource }) {
  const zone = useZone();
  const { name, about } = who(booking);
  return (
    <PageHeader
      title={name}
      above={
        <span className="flex flex-wrap gap-x-3">
          <Link
            to="/"
            search={{ on: dayOf(booking.starts_at, zone) }}
            className="font-medium text-accent hover:underline"
          >
            ← {t.details.backToDay}
          </Link>
          <span>{t.details.zoneNote(zone)}</span>
        </span>
      }
      below={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
          {about}
          <span>{t.booking.number(booking.booking_number)}</span>
          <BookingStatusChip status={booking.status} />
          {booking.deleted_at !== null && (
            <Chip look={{ tone: "bad", icon: "cross" }}>{t.booking.deleted}</Chip>
          )}
        </span>
      }
    />
  );
}
