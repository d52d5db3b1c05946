import type { BookingEventType } from "@slotwire/contract";
import { describeTime } from "./describe-event.ts";

/** What a message did: the event that it led to, and its booking as it was then. */
export interface MessageEffect {
  readonly type: BookingEventType;
  /** The state that it led to. */
  readonly status: string;
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
  const { type, status, bookingNumber, startsAt, timeZone, person } = effect;
  const end = type === "booking.created" ? endOfUnknown(status) : null;
  const words = end === null ? `${nouns[type]} #${bookingNumber}` : `${end}: #${bookingNumber}`;
  const before = type === "booking.created" ? "on" : "to";
  const isTimed = type === "booking.created" || type === "booking.rescheduled";
  const when = isTimed ? ` ${before} ${describeTime(startsAt, timeZone)}` : "";
  return `${words}${when}${person === null ? "" : ` for ${person}`}`;
}

/** The end of a booking may be the first that is heard of it; null for a state that is no end. */
function endOfUnknown(status: string): string | null {
  if (status !== "cancelled" && status !== "rejected") return null;
  const noun = status === "cancelled" ? "cancellation" : "rejection";
  return `${noun} of a booking not heard of before`;
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
  const when = describeTime(startsAt, timeZone);
  if (bookingNumber === null) return `${endOfUnknown(outcome) ?? "new booking"} on ${when}`;
  const type = `booking.${outcome}`;
  if (!isEventType(type)) return null;
  return describeEffect({ type, status: outcome, bookingNumber, startsAt, timeZone, person: null });
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
