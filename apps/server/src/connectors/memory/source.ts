import { randomUUID } from "node:crypto";
import type { Clock } from "../../clock.ts";
import type { BookingStatus } from "../../domain/booking.ts";
import type { MemoryBooking, MemoryMessage, MemoryPerson } from "./schema.ts";
import { signedHeaders } from "./signature.ts";

/** What somebody books. Times are RFC 3339. */
export interface BookingDraft {
  readonly startsAt: string;
  readonly endsAt: string;
  readonly title: string;
  readonly attendee: { readonly name: string; readonly email: string; readonly phone?: string };
  readonly provider?: { readonly name: string; readonly email: string };
  readonly service?: { readonly key: string; readonly name: string };
  readonly timeZone?: string;
  readonly location?: string;
}

/** A booking as it truly is at the source. */
export interface SourceBooking extends BookingDraft {
  /** Every id that it had, the current one last. */
  readonly uids: readonly string[];
  readonly icalUid: string;
  readonly status: BookingStatus;
  readonly sequence: number;
}

/** A signed message, ready to be posted; `uid` is the booking's current id. */
export interface SourceMessage {
  readonly uid: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A source of bookings that lives in memory: it takes bookings, keeps their true history, and
 * writes the signed messages that a real one would send. Delivering them, twice or in the wrong
 * order, is the caller's part. A reschedule gives the booking a new id, as Cal.com does.
 */
export class MemorySource {
  readonly #secret: string;
  readonly #clock: Clock;
  readonly #bookings = new Map<string, SourceBooking>();
  readonly #messages: SourceMessage[] = [];
  #lastInstant = 0;

  constructor(options: { readonly secret: string; readonly clock: Clock }) {
    this.#secret = options.secret;
    this.#clock = options.clock;
  }

  /** The truth: each booking once, in the order of their making. */
  get bookings(): readonly SourceBooking[] {
    return [...this.#bookings.values()];
  }

  /** Every message so far, in the order in which things happened. */
  get messages(): readonly SourceMessage[] {
    return this.#messages;
  }

  book(draft: BookingDraft): SourceMessage {
    return this.#open(draft, "confirmed", "booking.created");
  }

  /** Asks for a booking that somebody has to confirm. */
  request(draft: BookingDraft): SourceMessage {
    return this.#open(draft, "pending", "booking.requested");
  }

  confirm(uid: string): SourceMessage {
    return this.#move(uid, "booking.confirmed", { status: "confirmed" });
  }

  reject(uid: string, reason: string): SourceMessage {
    return this.#move(uid, "booking.rejected", { status: "rejected" }, { reason });
  }

  /** Moves the booking to other times, under a new id. */
  reschedule(uid: string, startsAt: string, endsAt: string): SourceMessage {
    const { uids } = this.#find(uid);
    const moved = { startsAt, endsAt, uids: [...uids, randomUUID()], status: "confirmed" } as const;
    return this.#move(uid, "booking.rescheduled", moved, { previous_id: uids.at(-1) });
  }

  cancel(uid: string, reason: string): SourceMessage {
    return this.#move(uid, "booking.cancelled", { status: "cancelled" }, { reason });
  }

  start(uid: string): SourceMessage {
    return this.#move(uid, "booking.started", { status: "in_progress" });
  }

  complete(uid: string): SourceMessage {
    return this.#move(uid, "booking.completed", { status: "completed" });
  }

  /** Says only who did not come, as sources do: without times. */
  markNoShow(uid: string): SourceMessage {
    return this.#mark(uid, "no_show", "booking.no_show");
  }

  /** They came after all. */
  clearNoShow(uid: string): SourceMessage {
    return this.#mark(uid, "completed", "booking.no_show_cleared");
  }

  #mark(uid: string, status: "no_show" | "completed", event: string): SourceMessage {
    const { email } = this.#find(uid).attendee;
    const attendees: MemoryPerson[] = [
      { email, status: status === "no_show" ? status : "accepted" },
    ];
    return this.#move(uid, event, { status }, { attendees, starts_at: null, ends_at: null });
  }

  #open(draft: BookingDraft, status: BookingStatus, event: string): SourceMessage {
    const uid = randomUUID();
    const icalUid = `${uid}@memory.invalid`;
    const booking: SourceBooking = { ...draft, uids: [uid], icalUid, status, sequence: 0 };
    this.#bookings.set(icalUid, booking);
    return this.#emit(event, booking, {});
  }

  #move(
    uid: string,
    event: string,
    change: Partial<SourceBooking>,
    said: Partial<MemoryBooking> = {},
  ): SourceMessage {
    const booking = this.#find(uid);
    const next: SourceBooking = { ...booking, ...change, sequence: booking.sequence + 1 };
    this.#bookings.set(booking.icalUid, next);
    return this.#emit(event, next, said);
  }

  /** @throws TypeError when no booking ever had this id */
  #find(uid: string): SourceBooking {
    for (const booking of this.#bookings.values()) {
      if (booking.uids.includes(uid)) return booking;
    }
    throw new TypeError(`the source has no booking ${uid}`);
  }

  #emit(event: string, booking: SourceBooking, said: Partial<MemoryBooking>): SourceMessage {
    const content: MemoryMessage = {
      event,
      occurred_at: this.#nextInstant(),
      booking: { ...wireBooking(booking), ...said },
    };
    const body = Buffer.from(JSON.stringify(content));
    const uid = booking.uids.at(-1) ?? "";
    const message = { uid, body, headers: signedHeaders(body, this.#secret) };
    this.#messages.push(message);
    return message;
  }

  /** No two things happen in the same millisecond: their order can be told by their times. */
  #nextInstant(): string {
    this.#lastInstant = Math.max(this.#clock.now().getTime(), this.#lastInstant + 1);
    return new Date(this.#lastInstant).toISOString();
  }
}

function wireBooking(booking: SourceBooking): MemoryBooking {
  return {
    id: booking.uids.at(-1) ?? "",
    ical_uid: booking.icalUid,
    sequence: booking.sequence,
    starts_at: booking.startsAt,
    ends_at: booking.endsAt,
    time_zone: booking.timeZone,
    title: booking.title,
    location: booking.location,
    provider: booking.provider,
    service: booking.service,
    attendees: [booking.attendee],
  };
}
