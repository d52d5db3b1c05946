import type { ConnectorChange } from "../src/connectors/connector.ts";
import type { Booking, BookingChange, ExternalRef } from "../src/domain/booking.ts";
import { decide } from "../src/domain/decide.ts";
import { decideMatch, leaveClass } from "../src/domain/decide-match.ts";
import { matchBookings } from "../src/domain/match-bookings.ts";
import { withRefs } from "../src/domain/lineage.ts";
import { bookingAfter } from "./booking-after.ts";

const connectionId = "connection";

/**
 * The ledger's rules without its database: what changes of one connection make of bookings, in
 * the order in which they come. What speaks of a booking that nobody knows waits for it.
 */
export class MemoryLedger {
  readonly #now: Date;
  #bookings: readonly Booking[] = [];
  #waiting: readonly ConnectorChange[] = [];
  #made = 0;

  constructor(now: Date) {
    this.#now = now;
  }

  get bookings(): readonly Booking[] {
    return this.#bookings;
  }

  /** Those that still wait for a booking. */
  get waiting(): readonly ConnectorChange[] {
    return this.#waiting;
  }

  hear(change: ConnectorChange): void {
    if (!this.#record(change)) {
      this.#waiting = [...this.#waiting, change];
      return;
    }
    const before = this.#waiting;
    this.#waiting = before.filter((waiting) => !this.#record(waiting));
  }

  /** @returns false when nobody knows the booking */
  #record(said: ConnectorChange): boolean {
    const actor = { kind: "connection", id: connectionId, name: "Cal.com", mayCorrect: false };
    const change = { ...said, connectionId, actor, bookingId: null, backfill: false };
    const match = matchBookings(this.#find(change as BookingChange), change as BookingChange);
    const decision = decideMatch(match, change as BookingChange, this.#now);
    if (decision.outcome === "unknown") return false;
    const { current, absorbed } = match;
    const kept = absorbed === null ? current : withAbsorbed(current, absorbed);
    const after = bookingAfter(this.#withFreeRefs(decision, kept, absorbed), kept);
    if (after === null) return true;
    if (current === null) this.#made += 1;
    const number = current?.bookingNumber ?? this.#made;
    const id = current?.id ?? `booking ${number}`;
    const others = this.#bookings.filter((one) => one.id !== id && one.id !== absorbed?.id);
    const stored = { ...after, id, bookingNumber: number };
    const leaving = leaveClass(match, change as BookingChange);
    const all = [...others, stored].map((one) =>
      one.id === leaving?.left.id
        ? (bookingAfter(decide(one, leaving.change, this.#now), one) ?? one)
        : one,
    );
    this.#bookings = all.toSorted((a, b) => a.bookingNumber - b.bookingNumber);
    return true;
  }

  /** What `ledger_find` finds. */
  #find({ refs }: BookingChange): readonly Booking[] {
    const isMeant = ({ kind, externalId }: ExternalRef): boolean =>
      kind === "uid"
        ? externalId === refs?.uid || externalId === refs?.previousUid
        : kind === "ical_uid" && externalId === refs?.icalUid;
    return this.#bookings.filter(({ externalRefs }) => externalRefs.some(isMeant));
  }

  /** An iCalendar UID belongs to one booking: the first keeps it, as its primary key says. */
  #withFreeRefs(
    decision: ReturnType<typeof decideMatch>,
    current: Booking | null,
    absorbed: Booking | null,
  ): ReturnType<typeof decideMatch> {
    if (decision.outcome !== "write") return decision;
    const others = this.#bookings.filter(({ id }) => id !== current?.id && id !== absorbed?.id);
    const isTaken = (ref: ExternalRef): boolean =>
      ref.kind === "ical_uid" &&
      others.some(({ externalRefs }) =>
        externalRefs.some(
          ({ kind, externalId }) => kind === "ical_uid" && externalId === ref.externalId,
        ),
      );
    return { ...decision, refs: decision.refs.filter((ref) => !isTaken(ref)) };
  }
}

function withAbsorbed(current: Booking | null, absorbed: Booking): Booking | null {
  if (current === null) return null;
  return { ...current, externalRefs: withRefs(current.externalRefs, absorbed.externalRefs) };
}
