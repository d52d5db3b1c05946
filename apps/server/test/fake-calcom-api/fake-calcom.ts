import type { Clock } from "../../src/clock.ts";
import {
  type CalcomAttendee,
  type CalcomEventType,
  type CalcomHost,
  type CalcomRow,
  defaultHost,
  grooming,
} from "./calcom-booking.ts";
import * as webhook from "./webhook-bodies.ts";

/** What somebody books. */
export interface FakeDraft {
  /** RFC 3339; the length is the event type's. */
  readonly start: string;
  readonly eventType?: CalcomEventType;
  readonly attendee?: { readonly name: string; readonly email: string; readonly phone?: string };
  readonly title?: string;
  readonly location?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly answers?: Readonly<Record<string, string>>;
  readonly seriesUid?: string;
}

/** Why the fake says no: the API answers it with 400 and these words. */
export class CalcomRefusal extends Error {}

/** The API answers 404. */
export class CalcomNotFound extends Error {}

/**
 * A Cal.com in memory: its bookings, and the messages that it sends about them, in the order in
 * which things happened. A reschedule makes a new booking under a new uid, and cancels the old one
 * without a message of its own; one seat's cancellation comes under the whole booking's uid; what
 * cancels several occurrences sends one message.
 */
export class FakeCalcom {
  readonly #clock: Clock;
  readonly #rows: CalcomRow[] = [];
  readonly #messages: webhook.WebhookBody[] = [];
  #lastInstant = 0;
  host: CalcomHost = defaultHost;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get rows(): readonly CalcomRow[] {
    return this.#rows;
  }

  /** Every message so far. Delivering or dropping them is the caller's part. */
  get messages(): readonly webhook.WebhookBody[] {
    return this.#messages;
  }

  now(): Date {
    return this.#clock.now();
  }

  find(uid: string): CalcomRow {
    const row = this.#rows.find((one) => one.uid === uid);
    if (row === undefined) {
      throw new CalcomNotFound(`Booking with uid=${uid} was not found in the database`);
    }
    return row;
  }

  series(uid: string): readonly CalcomRow[] {
    return this.#rows.filter(({ seriesUid }) => seriesUid === uid);
  }

  /** The uid of the booking that took the place of this one. */
  successor(uid: string): string | null {
    return this.#rows.find(({ from }) => from === uid)?.uid ?? null;
  }

  book(draft: FakeDraft): CalcomRow {
    const row = this.#insert(draft, null);
    const seat = row.eventType.seats === null ? undefined : row.attendees[0];
    const { createdAt } = row;
    if (row.status === "PENDING") this.#send(webhook.requested(row, createdAt));
    else this.#send(webhook.created(row, createdAt, seat));
    return row;
  }

  /** Several occurrences, each with a message of its own. @returns them, the first one first */
  bookSeries(draft: FakeDraft, count: number): CalcomRow[] {
    const seriesUid = `series-${this.#rows.length + 1}`;
    const week = 7 * 24 * 60 * 60 * 1000;
    return Array.from({ length: count }, (_, at) =>
      this.book({
        ...draft,
        seriesUid,
        start: new Date(Date.parse(draft.start) + at * week).toISOString(),
      }),
    );
  }

  /** Another seat in a shared booking: a message of the same uid. */
  addSeat(uid: string, attendee: NonNullable<FakeDraft["attendee"]>): CalcomRow {
    const row = this.#live(uid);
    const seat = seatOf(
      attendee,
      `seat-${row.id}-${row.attendees.length + 1}-${this.#messages.length}`,
    );
    row.attendees = [...row.attendees, seat];
    this.#send(webhook.created(row, this.#instant(), seat));
    return row;
  }

  /**
   * Moves a booking to another time, under a new uid.
   * @param by whose request it is: the host's needs no confirmation
   */
  reschedule(uid: string, start: string, by: string | null = null): CalcomRow {
    const old = this.#rows.find((row) => row.uid === uid);
    if (old?.status === "CANCELLED") {
      const next = this.successor(uid);
      throw new CalcomRefusal(
        next === null
          ? `Can't reschedule booking with uid=${uid} because it has been cancelled.`
          : `Can't reschedule booking with uid=${uid} because it has been rescheduled to ${next}.`,
      );
    }
    const live = this.#live(uid);
    const { eventType, title, location, metadata, answers, seriesUid } = live;
    const draft = { start, eventType, title, location, metadata, answers };
    const row = this.#insert({ ...draft, ...(seriesUid === null ? {} : { seriesUid }) }, live);
    if (by === live.host.email) row.status = "ACCEPTED";
    live.status = "CANCELLED";
    live.isRescheduled = true;
    live.updatedAt = row.createdAt;
    this.#send(
      row.status === "PENDING"
        ? webhook.requested(row, row.createdAt, live)
        : webhook.rescheduled(row, row.createdAt, live),
    );
    return row;
  }

  cancel(
    uid: string,
    { reason = null, by = null }: { reason?: string | null; by?: string | null } = {},
  ): CalcomRow {
    const row = this.#live(uid);
    const at = this.#end(row, "CANCELLED", reason, by);
    this.#send(webhook.cancelled(row, at));
    return row;
  }

  /** Cancels all occurrences that begin with this one or after it: one message for all of them. */
  cancelSubsequent(uid: string, reason: string | null = null): readonly CalcomRow[] {
    const first = this.#live(uid);
    if (first.seriesUid === null) {
      throw new CalcomRefusal(`Booking with bookingUid=${uid} is not part of a recurring booking.`);
    }
    const rest = this.series(first.seriesUid).filter(
      ({ start, status }) => start >= first.start && status !== "CANCELLED",
    );
    const [at] = rest.map((row) => this.#end(row, "CANCELLED", reason, null));
    this.#send(webhook.cancelled(first, at ?? ""));
    return rest;
  }

  /** One seat goes; with the last one the booking. */
  cancelSeat(uid: string, seatUid: string): CalcomRow {
    const row = this.#live(uid);
    const seat = row.attendees.find((attendee) => attendee.seatUid === seatUid);
    if (seat === undefined) {
      throw new CalcomRefusal(
        "Invalid seatUid: this seat does not exist or has already been cancelled.",
      );
    }
    row.attendees = row.attendees.filter((attendee) => attendee !== seat);
    const at =
      row.attendees.length === 0 ? this.#end(row, "CANCELLED", null, null) : this.#instant();
    this.#send(webhook.cancelled(row, at, seat));
    return row;
  }

  /** Approval sends BOOKING_CREATED, and says nothing of a booking that it takes the place of. */
  confirm(uid: string): CalcomRow {
    const row = this.#pending(uid, "confirmed");
    row.status = "ACCEPTED";
    row.updatedAt = this.#instant();
    this.#send(webhook.created(row, row.updatedAt));
    return row;
  }

  decline(uid: string, reason: string | null = null): CalcomRow {
    const row = this.#pending(uid, "rejected");
    row.rejectionReason = reason;
    const at = this.#end(row, "REJECTED", null, null);
    this.#send(webhook.rejected(row, at));
    return row;
  }

  /** Does not touch `updatedAt`: absence is written to the attendees. */
  markAbsent(uid: string, marks: readonly { email: string; absent: boolean }[]): CalcomRow {
    const row = this.find(uid);
    if (this.now().getTime() < Date.parse(row.start)) {
      throw new CalcomRefusal(
        "Bookings can only be marked as absent after their scheduled start time.",
      );
    }
    const marked = row.attendees.filter((attendee) => {
      const mark = marks.find(({ email }) => email === attendee.email);
      if (mark !== undefined) attendee.isAbsent = mark.absent;
      return mark !== undefined;
    });
    this.#send(webhook.noShow(row, this.#instant(), marked));
    return row;
  }

  reassign(uid: string, host: CalcomHost): CalcomRow {
    const row = this.#live(uid);
    row.host = host;
    row.updatedAt = this.#instant();
    return row;
  }

  move(uid: string, location: string): CalcomRow {
    const row = this.#live(uid);
    row.location = location;
    row.updatedAt = this.#instant();
    return row;
  }

  /** What the clock does when a meeting is over. */
  meetingEnded(uid: string): void {
    this.#send(webhook.ended(this.find(uid)));
  }

  /** Takes a row away as an administrator would in the database: no message, no trace. */
  purge(uid: string): void {
    this.#rows.splice(this.#rows.indexOf(this.find(uid)), 1);
  }

  #insert(draft: FakeDraft, previous: CalcomRow | null): CalcomRow {
    const id = 500 + this.#rows.length + this.#messages.length;
    const { eventType = grooming, attendee = { name: "Jan Kowalski", email: "jan@mail.example" } } =
      draft;
    const start = new Date(draft.start);
    const seatUid = eventType.seats === null ? null : `seat-${id}-1`;
    const uid = `uid-${id}-${eventType.slug}`;
    const row: CalcomRow = {
      id,
      uid,
      title: draft.title ?? `Grooming between ${this.host.name} and ${attendee.name}`,
      status: eventType.needsApproval ? "PENDING" : "ACCEPTED",
      start: start.toISOString(),
      end: new Date(start.getTime() + eventType.minutes * 60_000).toISOString(),
      location: draft.location ?? "Tassgatan 4, Malmö",
      note: "Burek is shy.",
      eventType,
      host: previous?.host ?? this.host,
      attendees: previous?.attendees.map((one) => ({ ...one })) ?? [seatOf(attendee, seatUid)],
      metadata: draft.metadata ?? {},
      answers: draft.answers ?? {},
      // It usually survives a reschedule.
      icsUid: previous?.icsUid ?? `${uid}@Cal.com`,
      sequence: previous === null ? 0 : previous.sequence + 1,
      from: previous?.uid ?? null,
      isRescheduled: false,
      seriesUid: draft.seriesUid ?? null,
      cancellationReason: null,
      cancelledBy: null,
      rejectionReason: null,
      createdAt: this.#instant(),
      updatedAt: null,
    };
    this.#rows.push(row);
    return row;
  }

  #end(
    row: CalcomRow,
    status: "CANCELLED" | "REJECTED",
    reason: string | null,
    by: string | null,
  ): string {
    row.status = status;
    row.cancellationReason = reason;
    row.cancelledBy = by;
    row.sequence += 1;
    row.updatedAt = this.#instant();
    return row.updatedAt;
  }

  #live(uid: string): CalcomRow {
    const row = this.find(uid);
    if (row.status === "CANCELLED") {
      throw new CalcomRefusal("This booking has already been cancelled.");
    }
    return row;
  }

  #pending(uid: string, word: string): CalcomRow {
    const row = this.find(uid);
    if (row.status !== "PENDING") {
      throw new CalcomRefusal(`Booking cannot be ${word}: it is ${row.status.toLowerCase()}.`);
    }
    return row;
  }

  #send(body: webhook.WebhookBody): void {
    this.#messages.push(body);
  }

  /** No two things happen at the same millisecond. */
  #instant(): string {
    this.#lastInstant = Math.max(this.#lastInstant + 1, this.now().getTime());
    return new Date(this.#lastInstant).toISOString();
  }
}

function seatOf(
  { name, email, phone = null }: { name: string; email: string; phone?: string | null },
  seatUid: string | null,
): CalcomAttendee {
  return { name, email, phone, seatUid, isAbsent: false };
}
