import type { BookingStatus } from "@slotwire/contract";
import { line, textLine, utcTime } from "./icalendar.ts";

/** A booking as a calendar shows it. */
export interface FeedBooking {
  readonly id: string;
  readonly booking_number: number;
  readonly version: number;
  readonly status: BookingStatus;
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly title: string;
  readonly description: string | null;
  readonly location: string | null;
  readonly meeting_url: string | null;
  readonly provider_name: string | null;
  readonly service_name: string | null;
  /** Names of whoever comes. */
  readonly people: readonly string[];
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly is_deleted: boolean;
}

/** A calendar that is written. */
export interface CalendarDraft {
  readonly name: string;
  /** What readers should know of it; null for nothing. */
  readonly note: string | null;
  /** IANA zone in which the organisation's people live, for programs that ask for one. */
  readonly timeZone: string;
  readonly showsNames: boolean;
  readonly bookings: readonly FeedBooking[];
}

/** RFC 5545 §3.8.1.11. What took place, or should have, stays in the calendar. */
const statuses: Readonly<Record<BookingStatus, "TENTATIVE" | "CONFIRMED" | "CANCELLED">> = {
  pending: "TENTATIVE",
  confirmed: "CONFIRMED",
  checked_in: "CONFIRMED",
  in_progress: "CONFIRMED",
  completed: "CONFIRMED",
  no_show: "CONFIRMED",
  cancelled: "CANCELLED",
  rejected: "CANCELLED",
};

const MAX_DESCRIPTION = 1_000;
const MAX_PEOPLE = 3;
const REFRESH = "PT15M";

/** Writes a calendar as iCalendar (RFC 5545, RFC 7986). The same bookings give the same text. */
export function writeCalendar(calendar: CalendarDraft): string {
  const { name, note, timeZone, showsNames, bookings } = calendar;
  return [
    line("BEGIN", "VCALENDAR"),
    line("VERSION", "2.0"),
    line("PRODID", "-//Slotwire//Calendar feed//EN"),
    line("CALSCALE", "GREGORIAN"),
    textLine("NAME", name),
    textLine("X-WR-CALNAME", name),
    ...(note === null ? [] : [textLine("X-WR-CALDESC", note)]),
    textLine("X-WR-TIMEZONE", timeZone),
    line("REFRESH-INTERVAL;VALUE=DURATION", REFRESH),
    line("X-PUBLISHED-TTL", REFRESH),
    ...bookings.map((booking) => writeEvent(booking, showsNames)),
    line("END", "VCALENDAR"),
  ].join("");
}

function writeEvent(booking: FeedBooking, showsNames: boolean): string {
  const { starts_at: startsAt, ends_at: endsAt, updated_at: updatedAt } = booking;
  const status = booking.is_deleted ? "CANCELLED" : statuses[booking.status];
  const [start, end] = [utcTime(startsAt), utcTime(endsAt)];
  return [
    line("BEGIN", "VEVENT"),
    line("UID", `${booking.id}@slotwire`),
    // Without a METHOD it says when the entry was last changed (RFC 5545 §3.8.7.2).
    line("DTSTAMP", utcTime(updatedAt)),
    line("CREATED", utcTime(booking.created_at)),
    line("LAST-MODIFIED", utcTime(updatedAt)),
    line("SEQUENCE", String(booking.version)),
    line("DTSTART", start),
    // It has to be later than the start (RFC 5545 §3.8.2.2).
    ...(end > start ? [line("DTEND", end)] : []),
    line("STATUS", status),
    line("TRANSP", status === "CANCELLED" ? "TRANSPARENT" : "OPAQUE"),
    textLine("SUMMARY", summaryOf(booking, showsNames)),
    ...(showsNames ? writeDetails(booking) : []),
    line("END", "VEVENT"),
  ].join("");
}

function writeDetails(booking: FeedBooking): string[] {
  const { location, meeting_url: meeting, provider_name: provider, people } = booking;
  const about = [
    people.length === 0 ? null : `With ${people.join(", ")}`,
    provider === null ? null : `Provider: ${provider}`,
    booking.description,
  ].filter((part) => part !== null && part.trim() !== "");
  const url = webAddress(meeting);
  return [
    ...(about.length === 0 ? [] : [textLine("DESCRIPTION", shortened(about.join("\n")))]),
    ...(location === null ? [] : [textLine("LOCATION", location)]),
    ...(url === null ? [] : [line("URL", url)]),
  ];
}

/** What is booked, and by whom if the title does not say so. */
function summaryOf(booking: FeedBooking, showsNames: boolean): string {
  const { title, service_name: service, people } = booking;
  const what = service ?? `Booking ${booking.booking_number}`;
  if (!showsNames) return what;
  const named = title.trim() === "" ? what : title;
  const unsaid = people.filter((name) => !named.includes(name));
  if (unsaid.length === 0) return named;
  const more = unsaid.length > MAX_PEOPLE ? ` +${unsaid.length - MAX_PEOPLE}` : "";
  return `${named} · ${unsaid.slice(0, MAX_PEOPLE).join(", ")}${more}`;
}

/** Cut between characters, never inside of one. */
function shortened(text: string): string {
  if (text.length <= MAX_DESCRIPTION) return text;
  const cut = text.slice(0, MAX_DESCRIPTION).replace(/[\uD800-\uDBFF]$/, "");
  return `${cut}…`;
}

/** An address of the web as a URI is written; null for anything else. */
function webAddress(text: string | null): string | null {
  if (text === null || !URL.canParse(text)) return null;
  const { protocol, href } = new URL(text);
  return protocol === "https:" || protocol === "http:" ? href : null;
}
