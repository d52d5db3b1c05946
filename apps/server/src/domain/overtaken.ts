import type { Booking, BookingChange } from "./booking.ts";

/**
 * Whether a source's message was overtaken by something that is already known. Sources deliver
 * out of order, so arrival says nothing. In this order of evidence:
 *
 * 1. an id that was superseded speaks of the past;
 * 2. a new id that names its predecessor speaks of the present;
 * 3. facts of the clock (started, completed) carry no time of their own, and what made the
 *    booking, or moved it there, comes before them;
 * 4. otherwise the source's clock decides, then its sequence number; at the same instant the
 *    birth of a booking comes before its end.
 */
export function isOvertaken(current: Booking, change: BookingChange): boolean {
  if (refersToSupersededRef(current, change)) return true;
  if (succeeds(current, change)) return false;
  if (change.kind === "started" || change.kind === "completed") return false;
  if (isOpening(change) && hasBegunBefore(current, change)) return true;
  if (current.sourceUpdatedAt === null) return false;
  const lead = Date.parse(change.occurredAt) - Date.parse(current.sourceUpdatedAt);
  if (lead !== 0) return lead < 0;
  if (change.sourceSequence !== null && current.sourceSequence !== null) {
    if (change.sourceSequence < current.sourceSequence) return true;
  }
  return isBirth(change) && isOver(current);
}

/** The change goes by an id that another one has taken the place of. */
function refersToSupersededRef(current: Booking, change: BookingChange): boolean {
  return current.externalRefs.some(
    (ref) =>
      ref.kind === "uid" &&
      ref.connectionId === change.connectionId &&
      ref.externalId === change.refs?.uid &&
      ref.supersededAt !== null,
  );
}

/** The change introduces a new id and names one of the booking's as its predecessor. */
function succeeds(current: Booking, change: BookingChange): boolean {
  const { refs } = change;
  if (refs === null || refs.previousUid === null) return false;
  const knows = (uid: string): boolean =>
    current.externalRefs.some((ref) => ref.kind === "uid" && ref.externalId === uid);
  return knows(refs.previousUid) && !knows(refs.uid);
}

/** What leads to a visit that is still to come. */
function isOpening(change: BookingChange): boolean {
  return isBirth(change) || change.kind === "rescheduled";
}

/** The change dates from before the visit, and the visit is known to go on or to be over. */
function hasBegunBefore(current: Booking, change: BookingChange): boolean {
  if (current.status !== "in_progress" && current.status !== "completed") return false;
  const since = current.status === "in_progress" ? current.startsAt : current.endsAt;
  return Date.parse(change.occurredAt) < Date.parse(since);
}

function isBirth(change: BookingChange): boolean {
  return change.kind === "created" || change.kind === "requested";
}

function isOver(current: Booking): boolean {
  return current.status === "cancelled" || current.status === "rejected";
}
