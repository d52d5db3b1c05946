import type { BookingEventType, BookingResource } from "@slotwire/contract";

/**
 * What an event says, in words for people.
 * @param timeZone IANA zone in which times are told: the booking's own unless given
 */
export function describeEvent(
  type: BookingEventType,
  booking: Pick<
    BookingResource,
    | "booking_number"
    | "starts_at"
    | "time_zone"
    | "status"
    | "status_reason"
    | "customer"
    | "subjects"
  >,
  changedFields: readonly string[],
  timeZone = booking.time_zone,
): string {
  const name = `#${booking.booking_number}`;
  const when = describeTime(booking.starts_at, timeZone);
  const because = booking.status_reason === null ? "" : `: ${booking.status_reason}`;
  switch (type) {
    case "booking.created":
      return `Booking ${name} for ${when}${endAtFirst(booking.status)}${isOver(booking.status) ? because : ""}`;
    case "booking.confirmed":
      return `Booking ${name} was confirmed`;
    case "booking.rescheduled":
      return `Booking ${name} was moved to ${when}`;
    case "booking.cancelled":
      return `Booking ${name} was cancelled${because}`;
    case "booking.rejected":
      return `Booking ${name} was rejected${because}`;
    case "booking.checked_in":
      return `Booking ${name} was checked in`;
    case "booking.started":
      return `Booking ${name} has started`;
    case "booking.completed":
      return `Booking ${name} was completed`;
    case "booking.no_show":
      return `Nobody came to booking ${name}`;
    case "booking.no_show_cleared":
      return `The no-show of booking ${name} was taken back`;
    case "booking.reinstated":
      return `Booking ${name} was reinstated`;
    case "booking.reassigned":
      return `Booking ${name} was given to somebody else`;
    case "booking.deleted": {
      const successor = joinedWith(booking.status_reason);
      return successor === null
        ? `Booking ${name} was deleted`
        : `Booking ${name} was joined with ${successor}: both were one visit`;
    }
    case "booking.payment_updated":
      return `The payment of booking ${name} changed`;
    case "booking.customer_linked":
      return booking.customer === null
        ? `Booking ${name} was unlinked from its customer`
        : `Booking ${name} was linked to a customer`;
    case "booking.subject_linked":
      return booking.subjects.length === 0
        ? `Booking ${name} was unlinked from what it is about`
        : `Booking ${name} was linked to what it is about`;
    case "booking.updated":
      return describeUpdate(name, changedFields);
  }
}

const isOver = (status: string): boolean => status === "cancelled" || status === "rejected";

/** A booking that was over when it was first heard of never had an event that said so. */
function endAtFirst(status: string): string {
  return isOver(status) ? `, ${status} already when it was first heard of` : "";
}

/** By which a booking goes on that turned out to be the same visit: `ledger_write` names it. */
function joinedWith(reason: string | null): string | null {
  return /^merged into (#\d+)$/.exec(reason ?? "")?.[1] ?? null;
}

/** What the fields of a booking are called where their names on the wire are no words. */
const fieldWords: Readonly<Record<string, string>> = {
  starts_at: "start",
  ends_at: "end",
  description: "notes",
  location: "place",
  metadata: "further data",
  service_key: "service",
  service_name: "service",
  source_status: "status at the source",
  status_reason: "reason",
  price_minor: "price",
  series_ref: "series",
  deleted_at: "deletion",
};

/** The id that became known may be a former one as well as the one that it goes by now. */
function describeUpdate(name: string, changedFields: readonly string[]): string {
  const fields = changedFields.filter((field) => field !== "external_refs");
  const words = new Set(fields.map((field) => fieldWords[field] ?? field.replaceAll("_", " ")));
  const hasNewId = fields.length < changedFields.length;
  if (words.size === 0 && hasNewId) return `Another id of booking ${name} became known`;
  const what = words.size === 0 ? "" : ` (${[...words].join(", ")})`;
  const updated = `Booking ${name} was updated${what}`;
  return hasNewId ? `${updated}, and another id of it became known` : updated;
}

/** What messages told too late to count, in a sentence; empty for none. */
export function describeToldLate(summaries: readonly string[], timeZone: string): string {
  if (summaries.length === 0) return "";
  return `. Told late: ${summaries.map((words) => byClock(words, timeZone)).join("; ")}`;
}

/** Connectors tell times in UTC, as they know no organisation. */
function byClock(summary: string, timeZone: string): string {
  return summary.replaceAll(/(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC/g, (words, day, time) => {
    const instant = `${day}T${time}:00Z`;
    return Number.isNaN(Date.parse(instant)) ? words : describeTime(instant, timeZone);
  });
}

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * An instant as people say it. A formatter is expensive to make and there are few zones.
 * @param timeZone IANA zone in which it is told
 */
export function describeTime(instant: string, timeZone: string): string {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      weekday: "short",
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
    });
    formats.set(timeZone, format);
  }
  return format.format(new Date(instant));
}
