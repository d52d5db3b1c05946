/** What Cal.com's form tells of a booking. The hub hears the whole of it by the webhook. */
export interface BookedVisit {
  /** By this `GET /api/v1/bookings?external_id=` finds the booking. */
  readonly uid: string | null;
  readonly title: string | null;
  /** RFC 3339. */
  readonly startTime: string | null;
  /** RFC 3339. */
  readonly endTime: string | null;
  /** As Cal.com says it: `ACCEPTED`, or `PENDING` when somebody has to confirm. */
  readonly status: string | null;
}

/**
 * Reads the data of `bookingSuccessfulV2`, or of `bookingSuccessful`, which wraps the booking.
 * Fields: https://cal.com/help/embedding/embed-events
 */
export function bookedVisit(data: unknown): BookedVisit {
  const outer = asRecord(data);
  const booking = { ...outer, ...asRecord(outer["booking"]) };
  const text = (field: string): string | null => {
    const value = booking[field];
    return typeof value === "string" && value !== "" ? value : null;
  };
  return {
    uid: text("uid"),
    title: text("title"),
    startTime: text("startTime") ?? text("date"),
    endTime: text("endTime"),
    status: text("status"),
  };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
