import type { AttendeeResource, BookingResource } from "@slotwire/contract";
import { useQuery } from "@tanstack/react-query";
import { connectionsQuery } from "../../api/queries.ts";
import { t } from "../../messages/messages.ts";
import { CodeBlock } from "../../parts/code-block.tsx";
import { SubjectLines } from "../../parts/subject-lines.tsx";
import { Fact, FactList } from "../../parts/fact-list.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useMay } from "../../session/use-may.ts";
import { useSession, useZone } from "../../session/use-session.ts";
import { formatLongDate, formatSpan, formatTime } from "../../time/format-time.ts";
import { duration } from "../../time/relative-time.ts";
import { dayOf } from "../../time/zoned-day.ts";
import { BookingLink } from "./booking-link.tsx";

/** Everything that is known of a booking now. */
export function BookingFacts({ booking }: { booking: BookingResource }) {
  const { grants } = useSession();
  return (
    <section className="panel p-5" aria-label={t.details.title}>
      <When booking={booking} />
      {grants["bookings:read"] === "ids" && (
        <p className="mb-4 text-sm text-muted">{t.details.idsOnly}</p>
      )}
      <FactList>
        <Fact name={t.details.customer}>
          <BookingLink booking={booking} />
        </Fact>
        <Fact name={t.details.about}>
          {booking.subjects.length > 0 && <SubjectLines subjects={booking.subjects} />}
        </Fact>
        <Fact name={t.details.who}>
          {booking.attendees.length > 0 && <Attendees attendees={booking.attendees} />}
        </Fact>
        <Fact name={t.details.titleField}>{booking.title}</Fact>
        <Fact name={t.details.what}>{booking.service?.name ?? booking.service?.key}</Fact>
        <Fact name={t.details.provider}>
          {booking.provider && (booking.provider.name ?? booking.provider.email)}
        </Fact>
        <Fact name={t.details.where}>{booking.location}</Fact>
        <Fact name={t.details.meeting}>
          {booking.meeting_url && <OutsideLink href={booking.meeting_url} />}
        </Fact>
        <Fact name={t.details.notes}>
          {booking.description && (
            <span className="whitespace-pre-line">{booking.description}</span>
          )}
        </Fact>
        <Fact name={t.details.reason}>{booking.status_reason}</Fact>
        <Fact name={t.details.cancelledBy}>{booking.cancelled_by}</Fact>
        <Provenance booking={booking} />
      </FactList>
      <Metadata metadata={booking.metadata} />
    </section>
  );
}

function When({ booking }: { booking: BookingResource }) {
  const zone = useZone();
  const { starts_at: from, ends_at: to, time_zone: ownZone } = booking;
  // Zones of other names may have the same clocks.
  const isElsewhere = formatSpan(from, to, ownZone) !== formatSpan(from, to, zone);
  const endsLater = dayOf(booking.starts_at, zone) !== dayOf(booking.ends_at, zone);
  return (
    <div className="mb-5 border-b border-line pb-4">
      <p className="text-muted">{formatLongDate(booking.starts_at, zone)}</p>
      <p className="text-2xl font-semibold tracking-tight">
        {formatTime(booking.starts_at, zone)} – {formatTime(booking.ends_at, zone)}
        <span className="ml-2 text-base font-normal text-muted">
          {duration(booking.duration_minutes)}
        </span>
      </p>
      {endsLater && (
        <p className="text-sm text-muted">
          {t.today.continues(formatLongDate(booking.ends_at, zone))}
        </p>
      )}
      {isElsewhere && (
        <p className="mt-1 text-sm text-muted">
          {t.details.inZone(ownZone, formatSpan(from, to, ownZone))}
        </p>
      )}
    </div>
  );
}

function Attendees({ attendees }: { attendees: readonly AttendeeResource[] }) {
  return (
    <ul className="space-y-2">
      {attendees.map((attendee, position) => (
        <li key={`${attendee.email ?? attendee.phone ?? attendee.name} ${position}`}>
          <p className="font-medium">
            {attendee.name ?? attendee.email ?? t.booking.nobody}
            {attendee.status !== "accepted" && (
              <span className="ml-2 text-xs font-normal text-bad">
                {t.details.attendee[attendee.status]}
              </span>
            )}
          </p>
          {attendee.email && attendee.name && <p className="text-muted">{attendee.email}</p>}
          {attendee.phone && <p className="text-muted">{attendee.phone}</p>}
          {attendee.seat_ref && (
            <p className="text-xs text-muted">{t.details.seat(attendee.seat_ref)}</p>
          )}
        </li>
      ))}
    </ul>
  );
}

function Provenance({ booking }: { booking: BookingResource }) {
  const isAllowed = useMay()("connections:read");
  const connections = useQuery({ ...connectionsQuery, enabled: isAllowed });
  const owner = connections.data?.data.find((one) => one.id === booking.owner_connection_id);
  const ownerName = booking.owner_connection_id === null ? t.details.ownerHub : owner?.name;
  return (
    <>
      <Fact name={t.details.owner}>{ownerName}</Fact>
      <Fact name={t.details.sourceStatus}>
        {booking.source_status && <code className="text-xs">{booking.source_status}</code>}
      </Fact>
      <Fact name={t.details.created}>
        <TimeAgo at={booking.created_at} />
      </Fact>
      <Fact name={t.details.updated}>
        <TimeAgo at={booking.updated_at} />
      </Fact>
      <Fact name={t.details.version}>{booking.version}</Fact>
    </>
  );
}

function OutsideLink({ href }: { href: string }) {
  // What a source calls a link may be anything, also `javascript:`.
  if (!/^https?:/i.test(href)) return href;
  return (
    <a href={href} target="_blank" rel="noreferrer" className="text-accent underline">
      {href}
    </a>
  );
}

function Metadata({ metadata }: { metadata: BookingResource["metadata"] }) {
  if (Object.keys(metadata).length === 0) return null;
  return (
    <details className="mt-4 border-t border-line pt-3">
      <summary className="text-sm text-muted">{t.details.metadata}</summary>
      <div className="mt-2">
        <CodeBlock label={t.details.metadata} text={JSON.stringify(metadata, null, 2)} />
      </div>
    </details>
  );
}
