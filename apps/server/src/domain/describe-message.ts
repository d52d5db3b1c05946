import type { BookingEventType } from "@slotwire/contract";
import { describeTime } from "./describe-event.ts";

/** What a message did: the event that it led to, and its booking as it was then. */
export interface MessageEffect {
  readonly type: BookingEventType;
  readonly bookingNumber: number;
  /** RFC 3339. */
  readonly startsAt: string;
  /** IANA zone in which its time is told. */
  readonly timeZone: string;
  /** Whose booking it is; null when it may not be told or is not known. */
  readonly person: string | null;
}

const nouns: Readonly<Record<BookingEventType, string>> = {
  "booking.created": "new booking",
  "booking.confirmed": "confirmation of",
  "booking.rescheduled": "reschedule of",
  "booking.updated": "change of",
  "booking.cancelled": "cancellation of",
  "booking.rejected": "rejection of",
  "booking.checked_in": "check-in of",
  "booking.started": "start of",
  "booking.completed": "completion of",
  "booking.no_show": "no-show of",
  "booking.no_show_cleared": "no-show taken back of",
  "booking.reinstated": "reinstatement of",
  "booking.reassigned": "reassignment of",
  "booking.deleted": "deletion of",
  "booking.payment_updated": "payment of",
  "booking.customer_linked": "customer of",
  "booking.subject_linked": "what is brought to",
};

/** What a message did, in words: `reschedule of #1043 to Tue, 3 Mar 2026, 14:30 for Ada Berg`. */
export function describeEffect(effect: MessageEffect): string {
  const { type, bookingNumber, startsAt, timeZone, person } = effect;
  const words = `${nouns[type]} #${bookingNumber}`;
  const before = type === "booking.created" ? "on" : "to";
  const isTimed = type === "booking.created" || type === "booking.rescheduled";
  const when = isTimed ? ` ${before} ${describeTime(startsAt, timeZone)}` : "";
  return `${words}${when}${person === null ? "" : ` for ${person}`}`;
}

/** What a message would do. */
export interface MessagePlan {
  /** An action like `created` or `rescheduled`, or why there is none. */
  readonly outcome: string;
  readonly booking_number: number | null;
  /** RFC 3339, and the IANA zone to tell it in; null when unknown. */
  readonly startsAt: string | null;
  readonly timeZone: string | null;
}

/** What a message would do, in words; null when it would do nothing. */
export function describePlan(plan: MessagePlan): string | null {
  const { outcome, booking_number: bookingNumber, startsAt, timeZone } = plan;
  if (startsAt === null || timeZone === null) return null;
  if (bookingNumber === null) return `new booking on ${describeTime(startsAt, timeZone)}`;
  const type = `booking.${outcome}`;
  if (!isEventType(type)) return null;
  return describeEffect({ type, bookingNumber, startsAt, timeZone, person: null });
}

function isEventType(type: string): type is BookingEventType {
  return Object.hasOwn(nouns, type);
}

/**
 * What a message was about, in words, when it did nothing: as its connector understood it.
 * @param words empty when it may not be told or is not known
 */
export function describeIdleMessage(words: string, bookingNumber: number | null): string {
  if (bookingNumber === null) return words;
  return words === "" ? `#${bookingNumber}` : `${words} (#${bookingNumber})`;
}
