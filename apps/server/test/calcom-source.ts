import type { ManualClock } from "../src/clock.ts";
import type { BookingStatus } from "../src/domain/booking.ts";
import { calcomBody, flatBody, noShowBody } from "./calcom-bodies.ts";

const MINUTE = 60_000;

/** A person of a booking, as Cal.com knows them. */
export interface SimulatedPerson {
  readonly name: string;
  readonly email: string;
  /** Null where the booking is not shared, or for old seats (cal.com, #15010). */
  readonly seatId: string | null;
  readonly status: "accepted" | "cancelled" | "no_show";
}

/** A booking as it truly is at the simulated Cal.com. */
export interface SimulatedBooking {
  /** Every uid that it had, the current one last. */
  readonly uids: readonly string[];
  readonly bookingId: number;
  /** The hub's word for its state. */
  readonly status: BookingStatus;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly title: string;
  readonly location: string;
  readonly host: { readonly id: number; readonly name: string; readonly email: string };
  readonly people: readonly SimulatedPerson[];
  readonly seats: number | null;
  readonly iCalUID: string;
  readonly sequence: number;
  readonly isSeries: boolean;
  readonly payment: "none" | "initiated" | "paid";
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Its host asked for another time: it is cancelled, until the guest chooses one. */
  readonly isAskedToMove: boolean;
  /** MEETING_STARTED was sent while it was on. */
  readonly isBegun: boolean;
  /** The body of MEETING_STARTED and MEETING_ENDED, which Cal.com writes beforehand. */
  readonly frozen: Readonly<Record<string, unknown>> | null;
}

/** What Cal.com sends: a body, and what it is about. */
export interface SimulatedMessage {
  readonly trigger: string;
  /** The uid that it goes by. */
  readonly uid: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What somebody books. */
export interface SimulatedDraft {
  readonly title: string;
  readonly startsAt: string;
  readonly minutes: number;
  readonly people: readonly { readonly name: string; readonly email: string }[];
  readonly seats?: number;
  /** Old seats have no ids in their messages. */
  readonly hasSeatIds?: boolean;
  /** Of an occurrence: the iCalendar UID that the series shares. */
  readonly seriesIcalUid?: string;
}

/**
 * A simulated Cal.com: it keeps the true history of bookings, and writes the messages that
 * Cal.com would send about it, each in its documented shape. Delivering, losing, repeating or
 * shuffling them is the caller's part.
 */
export class CalcomSource {
  readonly #clock: ManualClock;
  readonly #bookings = new Map<string, SimulatedBooking>();
  readonly #messages: SimulatedMessage[] = [];
  #lastInstant = 0;
  #count = 0;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  /** The truth: each booking once, in the order of their making. */
  get bookings(): readonly SimulatedBooking[] {
    return [...this.#bookings.values()];
  }

  /** Every message so far, in the order in which things happened. */
  get messages(): readonly SimulatedMessage[] {
    return this.#messages;
  }

  /** The booking that goes, or went, by a uid. @throws TypeError when there is none */
  find(uid: string): SimulatedBooking {
    return this.#entry(uid)[1];
  }

  book(draft: SimulatedDraft): string {
    const booking = this.#make(draft, "confirmed", "none");
    return this.#emit("BOOKING_CREATED", this.#freeze(booking));
  }

  /** Asks for a booking that its host has to confirm. */
  request(draft: SimulatedDraft): string {
    return this.#emit("BOOKING_REQUESTED", this.#make(draft, "pending", "none"));
  }

  /** Books what has to be paid first. */
  bookToPay(draft: SimulatedDraft): string {
    return this.#emit("BOOKING_PAYMENT_INITIATED", this.#make(draft, "pending", "initiated"));
  }

  confirm(uid: string): string {
    return this.#emit("BOOKING_CREATED", this.#freeze(this.#change(uid, { status: "confirmed" })));
  }

  reject(uid: string): string {
    const rejected = this.#change(uid, { status: "rejected" });
    return this.#emit("BOOKING_REJECTED", rejected, { rejectionReason: "Closed." });
  }

  /** The payment came: two messages, whose order Cal.com leaves to chance. */
  pay(uid: string): string {
    const paid = this.#freeze(this.#change(uid, { status: "confirmed", payment: "paid" }));
    this.#emit("BOOKING_CREATED", paid);
    return this.#emit("BOOKING_PAID", paid);
  }

  /** Another time, under another uid; whoever has to be asked first only asks for it. */
  reschedule(uid: string, startsAt: string, byRequest: boolean): string {
    const before = this.find(uid);
    const accepted = before.people.map((one) => ({ ...one, status: "accepted" as const }));
    const moved = this.#change(uid, {
      ...this.#timesOf(before, startsAt),
      uids: [...before.uids, this.#newUid()],
      bookingId: this.#count,
      sequence: before.sequence + 1,
      status: byRequest ? "pending" : "confirmed",
      people: accepted,
      isAskedToMove: false,
      isBegun: false,
    });
    const trigger = byRequest ? "BOOKING_REQUESTED" : "BOOKING_RESCHEDULED";
    return this.#emit(trigger, byRequest ? moved : this.#freeze(moved), {
      rescheduleId: before.bookingId,
      rescheduleUid: before.uids.at(-1),
      rescheduleStartTime: withoutMs(before.startsAt),
      rescheduleEndTime: withoutMs(before.endsAt),
    });
  }

  /** A host moves a class as a whole: it keeps its uid (moveSeatedBookingToNewTimeSlot.ts). */
  moveClass(uid: string, startsAt: string): string {
    const before = this.find(uid);
    const moved = this.#change(uid, {
      ...this.#timesOf(before, startsAt),
      sequence: before.sequence + 1,
    });
    return this.#emit("BOOKING_RESCHEDULED", moved, {
      rescheduleId: before.bookingId,
      rescheduleUid: before.uids.at(-1),
      rescheduleStartTime: withoutMs(before.startsAt),
    });
  }

  cancel(uid: string): string {
    return this.#cancel(uid, { cancellationReason: "Ill.", requestReschedule: false });
  }

  /** The host asks the guest to choose another time. */
  askToMove(uid: string): string {
    this.#change(uid, { isAskedToMove: true });
    return this.#cancel(uid, { cancellationReason: "Please reschedule.", requestReschedule: true });
  }

  takeSeat(uid: string, name: string, email: string, hasSeatId: boolean): string {
    const { people } = this.find(uid);
    const seatId = hasSeatId ? `seat-${this.#next()}` : null;
    const guest = { name, email, seatId, status: "accepted" } as const;
    // Without ids, nobody can tell a second seat of the same person from the first.
    const others = hasSeatId ? people : people.filter((one) => one.email !== email);
    const taken = this.#change(uid, { status: "confirmed", people: [...others, guest] });
    return this.#emit("BOOKING_CREATED", taken, {}, [guest]);
  }

  /** One person gives a seat up: the message names the whole booking, and no seat. */
  cancelSeat(uid: string, email: string): string {
    const { people, status } = this.find(uid);
    const gone = people.filter((one) => one.email === email && one.status !== "cancelled");
    const left = people.map((one) =>
      gone.includes(one) ? { ...one, status: "cancelled" as const } : one,
    );
    const isEmpty = left.every((one) => one.status === "cancelled");
    const changed = this.#change(uid, { people: left, status: isEmpty ? "cancelled" : status });
    const said = { status: "CANCELLED", cancellationReason: "No time." };
    return this.#emit("BOOKING_CANCELLED", changed, said, gone.slice(0, 1));
  }

  markNoShow(uid: string, email: string, isMissed: boolean): string {
    const before = this.find(uid);
    const people = before.people.map((one) =>
      one.email === email && one.status !== "cancelled"
        ? { ...one, status: isMissed ? ("no_show" as const) : ("accepted" as const) }
        : one,
    );
    const coming = people.filter((one) => one.status !== "cancelled");
    const isOver = this.#clock.now().getTime() >= Date.parse(before.endsAt);
    const going = before.isBegun ? ("in_progress" as const) : ("confirmed" as const);
    const present = before.status === "no_show" ? going : before.status;
    const status = coming.every((one) => one.status === "no_show")
      ? "no_show"
      : !isMissed && isOver
        ? "completed"
        : present;
    const changed = this.#change(uid, { people, status });
    const body = noShowBody(changed, email, isMissed, this.#instant());
    return this.#send("BOOKING_NO_SHOW_UPDATED", changed, body);
  }

  move(uid: string, location: string): string {
    const previousLocation = this.find(uid).location;
    const changed = this.#change(uid, { location });
    return this.#emit("BOOKING_LOCATION_UPDATED", changed, { previousLocation });
  }

  reassign(uid: string, host: SimulatedBooking["host"]): string {
    const removed = this.find(uid).host.id;
    const said = { addedHostUserIds: [host.id], removedHostUserIds: [removed] };
    return this.#emit("BOOKING_REASSIGNED", this.#change(uid, { host }), said);
  }

  /** Fires by the clock, whatever became of the booking, and with the body of its making. */
  start(uid: string): string {
    const { status } = this.find(uid);
    const isOn = status === "confirmed";
    const began = isOn ? ({ status: "in_progress", isBegun: true } as const) : {};
    const started = this.#change(uid, began);
    return this.#sendFlat("MEETING_STARTED", started);
  }

  end(uid: string): string {
    const { status } = this.find(uid);
    const isOn = status === "confirmed" || status === "in_progress";
    const ended = this.#change(uid, { status: isOn ? "completed" : status });
    return this.#sendFlat("MEETING_ENDED", ended);
  }

  /** Cal.com forgot to delete what it had planned for the time before a reschedule. */
  endOld(uid: string, frozen: SimulatedBooking): string {
    return this.#send("MEETING_ENDED", frozen, flatBody("MEETING_ENDED", frozen), uid);
  }

  #cancel(uid: string, said: Record<string, unknown>): string {
    const { sequence, people } = this.find(uid);
    const changed = this.#change(uid, { status: "cancelled", sequence: sequence + 1 });
    const coming = people.filter((one) => one.status !== "cancelled");
    const everybody = people.map((one) => ({ ...one, status: "cancelled" as const }));
    if (changed.seats !== null) this.#change(uid, { people: everybody });
    return this.#emit("BOOKING_CANCELLED", changed, { ...said, status: "CANCELLED" }, coming);
  }

  #make(
    { title, startsAt, minutes, people, seats, hasSeatIds, seriesIcalUid }: SimulatedDraft,
    status: BookingStatus,
    payment: SimulatedBooking["payment"],
  ): SimulatedBooking {
    const uid = this.#newUid();
    const seatId = (): string | null => (hasSeatIds === true ? `seat-${this.#next()}` : null);
    const booking: SimulatedBooking = {
      uids: [uid],
      bookingId: this.#count,
      status,
      startsAt,
      endsAt: new Date(Date.parse(startsAt) + minutes * MINUTE).toISOString(),
      title,
      location: "ul. Psia 7",
      host: { id: 7, name: "Ewa Nowak", email: "ewa@salon.example" },
      people: people.map((one) => ({ ...one, seatId: seatId(), status: "accepted" })),
      seats: seats ?? null,
      iCalUID: seriesIcalUid ?? `${uid}@Cal.com`,
      sequence: 0,
      isSeries: seriesIcalUid !== undefined,
      payment,
      metadata: { dog: "Burek" },
      isAskedToMove: false,
      isBegun: false,
      frozen: null,
    };
    this.#bookings.set(uid, booking);
    return booking;
  }

  #timesOf({ startsAt, endsAt }: SimulatedBooking, next: string) {
    const length = Date.parse(endsAt) - Date.parse(startsAt);
    return { startsAt: next, endsAt: new Date(Date.parse(next) + length).toISOString() };
  }

  #freeze(booking: SimulatedBooking): SimulatedBooking {
    return this.#change(booking.uids[0] ?? "", { frozen: { ...booking } });
  }

  #entry(uid: string): [string, SimulatedBooking] {
    for (const entry of this.#bookings) if (entry[1].uids.includes(uid)) return entry;
    throw new TypeError(`there is no booking ${uid}`);
  }

  #change(uid: string, change: Partial<SimulatedBooking>): SimulatedBooking {
    const [key, before] = this.#entry(uid);
    const after = { ...before, ...change };
    this.#bookings.set(key, after);
    return after;
  }

  #emit(
    trigger: string,
    booking: SimulatedBooking,
    said: Record<string, unknown> = {},
    people?: readonly SimulatedPerson[],
  ): string {
    const at = this.#instant();
    return this.#send(trigger, booking, calcomBody(trigger, booking, { at, said, people }));
  }

  /** It goes by the uid that the booking had when the body was written. */
  #sendFlat(trigger: string, booking: SimulatedBooking): string {
    const body = flatBody(trigger, booking);
    return this.#send(trigger, booking, body, String(body["uid"]));
  }

  #send(
    trigger: string,
    booking: SimulatedBooking,
    body: Record<string, unknown>,
    uid: string = booking.uids.at(-1) ?? "",
  ): string {
    this.#messages.push({ trigger, uid, body });
    return uid;
  }

  #newUid(): string {
    return `uid-${this.#next()}`;
  }

  #next(): number {
    this.#count += 1;
    return this.#count;
  }

  /** No two things happen within a few milliseconds: their order can be told by their times. */
  #instant(): string {
    this.#lastInstant = Math.max(this.#clock.now().getTime(), this.#lastInstant + 10);
    return new Date(this.#lastInstant).toISOString();
  }
}

/** An instant in the form of BOOKING_CREATED. */
function withoutMs(instant: string): string {
  return instant.replace(".000Z", "Z");
}
