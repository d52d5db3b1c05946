import { setImmediate as endOfTurn } from "node:timers/promises";
import type { BookingStatus } from "@slotwire/contract";
import {
  escape,
  foldLines,
  ICalCalendar,
  ICalEvent,
  ICalEventStatus,
  ICalEventTransparency,
} from "ical-generator";

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
const statuses: Readonly<Record<BookingStatus, ICalEventStatus>> = {
  pending: ICalEventStatus.TENTATIVE,
  confirmed: ICalEventStatus.CONFIRMED,
  checked_in: ICalEventStatus.CONFIRMED,
  in_progress: ICalEventStatus.CONFIRMED,
  completed: ICalEventStatus.CONFIRMED,
  no_show: ICalEventStatus.CONFIRMED,
  cancelled: ICalEventStatus.CANCELLED,
  rejected: ICalEventStatus.CANCELLED,
};

const MAX_DESCRIPTION = 1_000;
const MAX_PEOPLE = 3;
const REFRESH_SECONDS = 15 * 60;
const END = "END:VCALENDAR";
/** Entries that are written before anything else has its turn: ten to twenty milliseconds. */
const PORTION = 250;

/** Writes a calendar as iCalendar (RFC 5545, RFC 7986). The same bookings give the same text. */
export async function writeCalendar(draft: CalendarDraft): Promise<string> {
  const calendar = calendarOf(draft);
  // The library ends a calendar without the line break that every line has (RFC 5545 §3.1), and
  // writes X-WR-TIMEZONE after the entries, where properties have no place (§3.6).
  const parts = [withoutControls(calendar.toString()).slice(0, -END.length)];
  for (const [at, booking] of draft.bookings.entries()) {
    if (at % PORTION === PORTION - 1) await endOfTurn();
    parts.push(writeEvent(calendar, booking, draft.showsNames));
  }
  return [...parts, `${END}\r\n`].join("");
}

function calendarOf({ name, note, timeZone }: CalendarDraft): ICalCalendar {
  return new ICalCalendar({
    prodId: { company: "Slotwire", product: "Calendar feed", language: "EN" },
    scale: "GREGORIAN",
    // The library escapes the texts of entries and not those of the calendar.
    name: escape(name, false),
    description: note === null ? null : escape(note, false),
    ttl: REFRESH_SECONDS,
    // As the library's own time zone it would take the times of entries out of UTC.
    x: { "X-WR-TIMEZONE": timeZone },
  });
}

function writeEvent(calendar: ICalCalendar, booking: FeedBooking, showsNames: boolean): string {
  const { starts_at: start, ends_at: end, updated_at: updatedAt } = booking;
  const status = booking.is_deleted ? ICalEventStatus.CANCELLED : statuses[booking.status];
  const isOff = status === ICalEventStatus.CANCELLED;
  const url = showsNames ? webAddress(booking.meeting_url) : null;
  const event = new ICalEvent(
    {
      id: `${booking.id}@slotwire`,
      // Without a METHOD it says when the entry was last changed (RFC 5545 §3.8.7.2).
      stamp: updatedAt,
      created: booking.created_at,
      lastModified: updatedAt,
      sequence: booking.version,
      start,
      // It has to be later than the start (RFC 5545 §3.8.2.2), of which the second is written.
      end: secondOf(end) > secondOf(start) ? end : null,
      status,
      transparency: isOff ? ICalEventTransparency.TRANSPARENT : ICalEventTransparency.OPAQUE,
      summary: summaryOf(booking, showsNames),
      description: showsNames ? descriptionOf(booking) : null,
      location: showsNames ? booking.location : null,
      url,
    },
    calendar,
  );
  return foldLines(withoutControls(withPlainUrl(event.toString(), url)));
}

const secondOf = (at: Date): number => Math.floor(at.getTime() / 1000);

/** A URL is written as it is (RFC 5545 §3.3.13), and the library escapes it as if it were a text. */
function withPlainUrl(lines: string, url: string | null): string {
  if (url === null) return lines;
  const name = "\r\nURL;VALUE=URI:";
  return lines.replace(`${name}${escape(url, false)}\r\n`, () => `${name}${url}\r\n`);
}

/** Control characters have no place in a TEXT but for tabs (RFC 5545 §3.3.11), and the library writes them. */
function withoutControls(lines: string): string {
  // oxlint-disable-next-line no-control-regex
  return lines.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "");
}

function descriptionOf(booking: FeedBooking): string | null {
  const { provider_name: provider, people } = booking;
  const about = [
    people.length === 0 ? null : `With ${people.join(", ")}`,
    provider === null ? null : `Provider: ${provider}`,
    booking.description,
  ].filter((part) => part !== null && part.trim() !== "");
  return about.length === 0 ? null : shortened(about.join("\n"));
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
