import type { IncomingBooking, RefusedBooking, StoredBooking } from "@slotwire/contract";

/** What became of a booking of the site. */
export type SiteBookingEvent =
  | "booking.created"
  | "booking.updated"
  | "booking.rescheduled"
  | "booking.cancelled"
  | "booking.no_show"
  | "booking.completed";

/** A booking as a booking site tells of it. */
export interface SiteBooking {
  readonly bookingId: string;
  /** For example `workshop` or `30min-consultation`. */
  readonly eventType: string;
  readonly name: string;
  readonly email: string;
  readonly phone?: string | undefined;
  readonly company?: string | undefined;
  /** ISO 8601 with an offset. */
  readonly scheduledDate: string;
  /** Minutes, from 1 to 1440. */
  readonly duration: number;
  /** Of http or https. */
  readonly meetingUrl?: string | undefined;
  readonly notes?: string | undefined;
  readonly source?: "bookme";
  /** When the booking was made, ISO 8601. */
  readonly createdAt: string;
  /** `booking.created` unless given. */
  readonly event?: SiteBookingEvent;
  /** When the event happened, ISO 8601; `createdAt` of a creation, and now of anything else. */
  readonly occurredAt?: string;
  /** Why it was cancelled. */
  readonly reason?: string | undefined;
}

/** What sending a booking led to. */
export type SendResult =
  /** It was taken: contact, lead, activity and tasks are there. */
  | IncomingBooking
  /** The hub keeps it, and makes a booking of it later. */
  | StoredBooking
  /** It waits in the outbox, and is sent again. */
  | { readonly success: false; readonly queued: true; readonly error: string }
  /** The hub does not understand it. It is put aside, because sending it again would not help. */
  | ({ readonly success: false; readonly queued: false } & RefusedBooking);

/** A message that was taken from the outbox's point of view: whatever it holds, it never changes. */
export interface OutboxEntry {
  /** Booking, event and time: the same is kept once. */
  readonly key: string;
  /** The body, byte for byte the same at every try: by it the hub knows what it has had. */
  readonly body: string;
  /** When it was put there, ms. */
  readonly addedAt: number;
}

/** The message of a booking, with what the site left out. */
export function entryOf(booking: SiteBooking, now: Date): OutboxEntry {
  const event = booking.event ?? "booking.created";
  const happened = event === "booking.created" ? booking.createdAt : now.toISOString();
  const occurredAt = booking.occurredAt ?? happened;
  return {
    key: JSON.stringify([booking.bookingId, event, occurredAt]),
    body: JSON.stringify({ ...booking, source: "bookme", event, occurredAt }),
    addedAt: now.getTime(),
  };
}
