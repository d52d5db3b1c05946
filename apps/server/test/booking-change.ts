import type { Actor, BookingChange, BookingFields } from "../src/domain/booking.ts";

/** A person of the hub who may correct. */
export const manager: Actor = { kind: "user", id: "manager", name: "Maja", mayCorrect: true };
/** A person of the hub who may not. */
export const clerk: Actor = { kind: "user", id: "clerk", name: "Carl", mayCorrect: false };

/** Fields that a first message has to have. */
export const visit: Partial<BookingFields> = {
  startsAt: "2026-03-10T10:00:00.000Z",
  endsAt: "2026-03-10T11:00:00.000Z",
  timeZone: "Europe/Stockholm",
  title: "Wash and cut",
  attendees: [
    { name: "Jan", email: "jan@example.com", phone: null, status: "accepted", seatRef: null },
  ],
};

/** A change that a source reports for the booking with the given uid. */
export function sourceChange(
  connectionId: string,
  uid: string,
  change: Partial<BookingChange> = {},
): BookingChange {
  return {
    kind: "created",
    refs: { uid, previousUid: null, icalUid: null },
    bookingId: null,
    connectionId,
    actor: { kind: "connection", id: connectionId, name: "Test source", mayCorrect: false },
    occurredAt: "2026-03-01T08:00:00.000Z",
    sourceSequence: null,
    status: "confirmed",
    sourceStatus: null,
    statusReason: null,
    cancelledBy: null,
    fields: visit,
    backfill: false,
    ...change,
  };
}

/** A change that a person makes in the hub. */
export function hubChange(actor: Actor, change: Partial<BookingChange> = {}): BookingChange {
  return {
    ...sourceChange("", ""),
    refs: null,
    connectionId: null,
    actor,
    ...change,
  };
}
