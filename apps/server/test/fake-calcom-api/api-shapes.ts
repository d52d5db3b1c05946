import type { CalcomAttendee, CalcomRow } from "./calcom-booking.ts";

/**
 * A booking as API v2 answers it under `cal-api-version: 2024-08-13` (cal.com/docs/api-reference/v2,
 * "Get a booking": the schemas of a booking, a recurring one and a seated one).
 * @param next the uid of the booking that took its place
 */
export function apiBooking(row: CalcomRow, next: string | null): Record<string, unknown> {
  const { host, eventType } = row;
  const isSeated = eventType.seats !== null;
  return {
    id: row.id,
    uid: row.uid,
    title: row.title,
    description: row.note,
    hosts: [
      {
        id: host.id,
        name: host.name,
        email: host.email,
        displayEmail: host.email,
        username: host.username,
        timeZone: host.timeZone,
      },
    ],
    status: row.status.toLowerCase(),
    ...(row.cancellationReason === null ? {} : { cancellationReason: row.cancellationReason }),
    ...(row.cancelledBy === null ? {} : { cancelledByEmail: row.cancelledBy }),
    ...(row.from === null ? {} : { rescheduledFromUid: row.from }),
    ...(next === null ? {} : { rescheduledToUid: next }),
    start: row.start,
    end: row.end,
    duration: eventType.minutes,
    eventTypeId: eventType.id,
    eventType: { id: eventType.id, slug: eventType.slug },
    meetingUrl: row.location,
    location: row.location,
    absentHost: false,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    metadata: row.metadata,
    icsUid: row.icsUid,
    attendees: row.attendees.map((attendee) => apiAttendee(attendee, host.timeZone, isSeated)),
    ...(isSeated
      ? {}
      : {
          guests: row.attendees.slice(1).map(({ email }) => email),
          bookingFieldsResponses: {
            name: row.attendees[0]?.name,
            email: row.attendees[0]?.email,
            ...row.answers,
          },
        }),
    ...(row.seriesUid === null ? {} : { recurringBookingUid: row.seriesUid }),
  };
}

function apiAttendee(
  { name, email, phone, seatUid, isAbsent }: CalcomAttendee,
  timeZone: string,
  isSeated: boolean,
): Record<string, unknown> {
  return {
    name,
    email,
    displayEmail: email,
    timeZone,
    language: "sv",
    absent: isAbsent,
    ...(phone === null ? {} : { phoneNumber: phone }),
    ...(isSeated ? { seatUid, bookingFieldsResponses: { name }, metadata: {} } : {}),
  };
}

/** What says where in a list a page is. */
export function pagination(skip: number, take: number, total: number): Record<string, unknown> {
  const returned = Math.max(0, Math.min(take, total - skip));
  const pages = Math.ceil(total / take);
  const page = Math.floor(skip / take) + 1;
  return {
    totalItems: total,
    remainingItems: Math.max(0, total - skip - returned),
    returnedItems: returned,
    itemsPerPage: take,
    currentPage: page,
    totalPages: pages,
    hasNextPage: skip + returned < total,
    hasPreviousPage: skip > 0,
  };
}

/** The body of every error. */
export function apiError(path: string, code: string, message: string): Record<string, unknown> {
  return {
    status: "error",
    timestamp: new Date().toISOString(),
    path,
    error: { code, message, details: { message, error: code } },
  };
}
