/**
 * Glossary. These words, and no synonyms, are used throughout the code.
 *
 * organisation  the business that a hub serves; owns everything below
 * source        an outside system that takes bookings (Cal.com, BookMe, a calendar …)
 * connection    the organisation's link to one outside system, with its secrets
 * message       what a source sent, kept raw
 * booking       one visit, under one id for life
 * external ref  an id that a source gave to the booking; a booking may have many over time
 * current ref   the `uid` that its source uses for the booking now; older ones are superseded
 * owner         the connection whose word on the booking is final; null when it is the hub
 * change        what a message, a person or a program wants of a booking (`BookingChange`)
 * event         an entry of the append-only log: what really happened to a booking
 * attendee      a person who comes, or a seat that is taken
 * provider      the person who does the work
 * destination   a URL that hears of events
 * delivery      one event on its way to one destination; an attempt is one try of it
 */
import type { ActorKind, BookingEventType, BookingStatus } from "@slotwire/contract";

/** The kinds of outside ids that a booking can have. */
export type ExternalRefKind = "uid" | "event" | "ical_uid" | "number";

export interface ExternalRef {
  readonly connectionId: string;
  readonly kind: ExternalRefKind;
  readonly externalId: string;
  /** When a later id took its place; null for a ref in use. RFC 3339. */
  readonly supersededAt: string | null;
}

export interface Attendee {
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly status: "accepted" | "cancelled" | "no_show";
  readonly seatRef: string | null;
  /**
   * The source's time of the last word on this person, RFC 3339; null or absent when unknown.
   * Seats are told of one by one, in any order.
   */
  readonly sourceUpdatedAt?: string | null;
}

/** What is known of the money; amounts in the smallest unit of the currency. */
export type PaymentStatus = "none" | "initiated" | "paid" | "refunded";

/** The person who does the work, as the source names them. */
export interface Provider {
  readonly name: string | null;
  readonly email: string | null;
}

/** The fields of a booking that a source or a person may fill or change. */
export interface BookingFields {
  /** Instant of the start, RFC 3339 in UTC. */
  readonly startsAt: string;
  /** Instant of the end, RFC 3339 in UTC; never before the start. */
  readonly endsAt: string;
  /** IANA zone in which people speak of its times. */
  readonly timeZone: string;
  readonly title: string;
  readonly description: string | null;
  readonly location: string | null;
  readonly meetingUrl: string | null;
  readonly provider: Provider | null;
  readonly serviceKey: string | null;
  readonly serviceName: string | null;
  readonly attendees: readonly Attendee[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly paymentStatus: PaymentStatus;
  readonly priceMinor: number | null;
  /** ISO 4217, in capitals. */
  readonly currency: string | null;
  /** How many people a shared booking (a class) takes; null when it is not shared. */
  readonly seats: number | null;
  /** What the occurrences of a series have in common at their source; null for a single visit. */
  readonly seriesRef: string | null;
}

/**
 * What a source said of a booking beyond what the booking shows: enough to tell of any message, in
 * whatever order it comes, what of it still counts (`heard.ts`). All of it may be absent.
 */
export interface Heard {
  /** It was only heard of after it had been made: its making, or its first id, may be missing. */
  readonly isUnborn?: boolean;
  /** The state that the source's last word gave it, where the booking shows another. */
  readonly word?: BookingStatus;
  /** Which meetings the clock told of, by the uid of the time: false for begun, true for over. */
  readonly meetings?: Readonly<Record<string, boolean>>;
  /** The uids of its source, where their order does not follow from the refs alone. */
  readonly ids?: Readonly<Record<string, HeardId>>;
  /** When a field was last spoken of, in ms; what is filled and missing here: `sourceUpdatedAt`. */
  readonly times?: Readonly<Record<string, number>>;
  /** Words on single people, which also count for who is heard of later; `*` is everybody. */
  readonly people?: Readonly<Record<string, PersonWord>>;
  /** The other addresses of a booking's one person, by the keys of `people`. */
  readonly aliases?: readonly string[];
  /** When connections that do not own the booking last said what it should be, in ms, by their ids. */
  readonly answers?: Readonly<Record<string, number>>;
}

/** Times in ms. */
export interface HeardId {
  /** The first that was heard under it; 0 for the id under which the booking was made. */
  readonly since: number;
  /** When a reschedule named it as the one before. */
  readonly goneAt?: number;
}

/** Times in ms. Who was told of later than that, still comes. */
export interface PersonWord {
  /** When the seat was given up. */
  readonly goneAt?: number;
  /** When it was said whether the person came. */
  readonly missedAt?: number;
  readonly missed?: boolean;
}

/** A booking as the ledger knows it. */
export interface Booking extends BookingFields {
  readonly id: string;
  readonly bookingNumber: number;
  /** Counts the events of this booking, from 1. */
  readonly version: number;
  readonly status: BookingStatus;
  /** The source's own word for the status. */
  readonly sourceStatus: string | null;
  readonly statusReason: string | null;
  readonly cancelledBy: string | null;
  /** The connection whose word is final; null when it is the hub. */
  readonly ownerConnectionId: string | null;
  /** Monotone hint of the source (iCalendar SEQUENCE), where it gives one. */
  readonly sourceSequence: number | null;
  /** The source's time of its last word on the state or a field, RFC 3339. */
  readonly sourceUpdatedAt: string | null;
  readonly heard: Heard;
  /** Counts what was kept of messages that changed nothing visible. */
  readonly heardCount: number;
  readonly externalRefs: readonly ExternalRef[];
  readonly deletedAt: string | null;
}

/** Who wants a change. */
export interface Actor {
  readonly kind: ActorKind;
  readonly id: string | null;
  readonly name: string | null;
  /** True for people and keys that may undo, fix, reopen and reinstate (manager and above). */
  readonly mayCorrect: boolean;
}

/**
 * What a change is about. It decides the type of the event and which rules apply;
 * the state that it leads to stands in `status`.
 */
export type ChangeKind =
  | "created"
  | "requested"
  | "rescheduled"
  | "updated"
  | "cancelled"
  /** One person's place in a shared booking was given up; the attendees say whose. */
  | "seat_cancelled"
  | "rejected"
  | "started"
  | "completed"
  | "no_show"
  | "no_show_cleared"
  | "payment_updated"
  | "reassigned"
  | "checked_in"
  | "reinstated";

/** The ids by which a change finds its booking. */
export interface ChangeRefs {
  /** The source's id for the booking. */
  readonly uid: string;
  /** The id that the booking had until this change (a reschedule under a new id). */
  readonly previousUid: string | null;
  /** RFC 5545 UID: the same in every calendar that shows the booking. */
  readonly icalUid: string | null;
  /** When the visit was to begin until this change, where the source says so. RFC 3339. */
  readonly previousStartsAt?: string;
}

/** A change that somebody wants to make to one booking. The only input of the ledger. */
export interface BookingChange {
  readonly kind: ChangeKind;
  /** Outside ids, or null when the booking is named by `bookingId`. */
  readonly refs: ChangeRefs | null;
  /** The hub's id of the booking, when the caller knows it. */
  readonly bookingId: string | null;
  /** The connection it came through; null when it was made in the hub. */
  readonly connectionId: string | null;
  readonly actor: Actor;
  /** When it happened by the source's clock, RFC 3339 in UTC. */
  readonly occurredAt: string;
  /**
   * When it happened if the booking had been made before, RFC 3339 in UTC: its source tells a
   * creation and a change in the same form. Absent where it says which of them it means.
   */
  readonly occurredAtIfMade?: string;
  readonly sourceSequence: number | null;
  /** The state that it leads to; null when it says nothing about the state. */
  readonly status: BookingStatus | null;
  readonly sourceStatus: string | null;
  readonly statusReason: string | null;
  readonly cancelledBy: string | null;
  /** What it says about the fields. A field that is absent or empty says nothing. */
  readonly fields: Partial<BookingFields>;
  /** The fields that it empties; absent for none. */
  readonly clears?: readonly ("location" | "meetingUrl")[];
  /**
   * The booking is one person's: whom this names is whom the booking knows, maybe under another
   * name or address. Absent where several may come.
   */
  readonly onePerson?: boolean;
  /** History from before the connection: recorded, but without effects outside. */
  readonly backfill: boolean;
  /**
   * Of a word that is heard again: the members, by their names on the wire, that others decided after
   * it was first heard. What it says of them counts only if it is later. Absent for a new word.
   */
  readonly settled?: readonly string[];
}

/** The outcome that a source is told, and that the inbox shows. */
export type RecordAction =
  | "created"
  | "updated"
  | "rescheduled"
  | "cancelled"
  | "rejected"
  | "started"
  | "completed"
  | "no_show"
  | "no_show_cleared"
  | "checked_in"
  | "reinstated"
  | "confirmed"
  | "payment_updated"
  | "reassigned"
  | "customer_linked"
  | "subject_linked"
  | "unchanged"
  | "stale"
  | "refused"
  | "duplicate";

export type { ActorKind, BookingEventType, BookingStatus };
