import type { Booking, BookingChange } from "./booking.ts";
import { isBirth, lastWordAt } from "./heard.ts";

/** Which bookings a change is about. */
export interface Match {
  /** The booking that the change applies to; null when nobody knows it yet. */
  readonly current: Booking | null;
  /**
   * A second booking that turns out to be the same visit: its messages came before the one that
   * tells of their kinship. It is merged into `current`.
   */
  readonly absorbed: Booking | null;
  /** Of the two, the one that goes by the later id. */
  readonly later: Booking | null;
  /**
   * The class that the change names as its predecessor, and that one person leaves by it: it stays,
   * and is another booking. Absent for none.
   */
  readonly leftClass?: Booking;
}

/**
 * Chooses among the bookings that go by one of the change's ids: by its own id first, then by its
 * predecessor's, then by kinship, then by the hub's id, then by the iCalendar UID that another
 * connection reported.
 * @param found the oldest first
 */
export function matchBookings(found: readonly Booking[], change: BookingChange): Match {
  const { refs, connectionId } = change;
  const byRef = (uid: string | null | undefined): Booking | undefined =>
    found.find((booking) =>
      booking.externalRefs.some(
        (ref) => ref.kind === "uid" && ref.connectionId === connectionId && ref.externalId === uid,
      ),
    );
  const byUid = byRef(refs?.uid);
  const previous = byRef(refs?.previousUid);
  const left = previous !== undefined && leavesClass(previous, change) ? previous : undefined;
  const byPrevious = left === undefined ? previous : undefined;
  const kin = previous === undefined ? kinOf(found, byUid, change) : undefined;
  const other = byPrevious ?? kin;
  if (byUid !== undefined && other !== undefined && byUid.id !== other.id) {
    return mergeOf(byUid, other, byPrevious === undefined && isFirst(byUid, other, change));
  }
  const byHub = found.find(({ id }) => id === change.bookingId);
  const current = byUid ?? other ?? byHub ?? elsewhere(found, change) ?? null;
  const match = { current, absorbed: null, later: null };
  return left === undefined ? match : { ...match, leftClass: left };
}

/** Of two bookings whose kinship nobody names: whether a change goes by the earlier id of both. */
function isFirst(byUid: Booking, other: Booking, change: BookingChange): boolean {
  const at = Math.max(lastWordAt(byUid), Date.parse(change.occurredAt));
  return isBirth(change) || at < lastWordAt(other);
}

/** The older booking keeps its identity. */
function mergeOf(byUid: Booking, other: Booking, isEarlier: boolean): Match {
  const [current, absorbed] =
    byUid.bookingNumber < other.bookingNumber ? [byUid, other] : [other, byUid];
  return { current, absorbed, later: isEarlier ? other : byUid };
}

/**
 * One of several people of a class moves to another time: the class stays where it is. Whoever
 * moves a class as a whole names everybody.
 */
function leavesClass({ attendees }: Booking, { kind, fields }: BookingChange): boolean {
  const [mover, ...others] = fields.attendees ?? [];
  if (kind !== "rescheduled" || fields.seats == null || others.length > 0) return false;
  const email = mover?.email?.toLowerCase();
  return attendees.some((one) => one.status !== "cancelled" && one.email?.toLowerCase() !== email);
}

const openings: ReadonlySet<BookingChange["kind"]> = new Set([
  "created",
  "requested",
  "rescheduled",
]);

/**
 * A booking that the same source gave the same iCalendar UID under another id: a link of the chain
 * of reschedules between them never arrived. The occurrences of a series and the people of a class
 * share one too, so it counts only for single visits of the same person.
 */
function kinOf(
  found: readonly Booking[],
  byUid: Booking | undefined,
  change: BookingChange,
): Booking | undefined {
  const { refs, fields, connectionId } = change;
  if (refs?.icalUid == null || !openings.has(change.kind) || isShared(fields)) return undefined;
  const emails = emailsOf(fields.attendees ?? []);
  const candidates = found.filter(
    (booking) =>
      booking.id !== byUid?.id &&
      booking.ownerConnectionId === connectionId &&
      !isShared(booking) &&
      hasIcalUid(booking, refs.icalUid, (ref) => ref === connectionId) &&
      emailsOf(booking.attendees).some((email) => emails.includes(email)) &&
      hasMoved(booking, change),
  );
  if (byUid !== undefined && isShared(byUid)) return undefined;
  if (candidates.length < 2) return candidates[0];
  return candidates.find(({ startsAt }) => startsAt === refs.previousStartsAt);
}

/**
 * One of the two comes from a reschedule: of two bookings that were both made afresh, each is a
 * visit of its own, whatever they share.
 */
function hasMoved({ heard }: Booking, change: BookingChange): boolean {
  return isBirth(change) ? heard.isUnborn === true : true;
}

function isShared({ seats, seriesRef }: Partial<Pick<Booking, "seats" | "seriesRef">>): boolean {
  return seats != null || seriesRef != null;
}

function emailsOf(attendees: Booking["attendees"]): string[] {
  return attendees.flatMap(({ email }) => email?.trim().toLowerCase() ?? []);
}

/** The visit as another connection reported it. */
function elsewhere(found: readonly Booking[], { refs, connectionId }: BookingChange) {
  return found.find((booking) =>
    hasIcalUid(booking, refs?.icalUid ?? null, (ref) => ref !== connectionId),
  );
}

function hasIcalUid(
  { externalRefs }: Booking,
  icalUid: string | null,
  isFrom: (connectionId: string) => boolean,
): boolean {
  return externalRefs.some(
    (ref) => ref.kind === "ical_uid" && ref.externalId === icalUid && isFrom(ref.connectionId),
  );
}
