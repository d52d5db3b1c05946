import type { ConnectorChange, ReportedBooking } from "../connectors/connector.ts";
import type {
  Attendee,
  Booking,
  BookingFields,
  BookingStatus,
  ChangeKind,
} from "../domain/booking.ts";

/** A meeting may be told of late, or go on for longer: only then it is taken to be over. ms */
const OVER_AFTER = 10 * 60_000;

/** When the source told what it told, by its own clock. RFC 3339. */
export interface Telling {
  readonly asOf: string;
}

/**
 * The changes that lead a booking of the ledger to what its source tells of it now, in their
 * order: what it is and where, who no longer comes, who was missing, whether it is over. Each is
 * said at a time that nothing known is later than. Pure.
 * @param current null when the ledger does not know the booking
 */
export function changesTo(
  current: Booking | null,
  reported: ReportedBooking,
  { asOf }: Telling,
): ConnectorChange[] {
  const changes =
    current === null
      ? [reported.change]
      : [
          mainChange(current, reported, asOf),
          ...lostSeats(current, reported, asOf),
          ...missed(current, reported, asOf),
        ];
  return [...changes, ...meetingOver(current, reported, asOf)];
}

const isOpen = (status: BookingStatus | null): boolean =>
  status !== "cancelled" && status !== "rejected";

function mainChange(current: Booking, reported: ReportedBooking, asOf: string): ConnectorChange {
  const { change } = reported;
  const fields = fieldsToTell(current, reported);
  // That people did not come is told by the attendees, and by nothing that contradicts it.
  const isMissed = current.status === "no_show" && change.status === "confirmed";
  const status = isMissed ? null : change.status;
  const isSame = status === null || current.status === status;
  const isLater =
    Date.parse(change.occurredAt) > Date.parse(current.sourceUpdatedAt ?? "1970-01-01");
  return {
    ...change,
    kind: kindOf(current, change),
    status,
    occurredAt: isLater && change.occurredAt < asOf ? change.occurredAt : asOf,
    statusReason: isSame && current.statusReason !== null ? null : change.statusReason,
    cancelledBy: isSame && current.cancelledBy !== null ? null : change.cancelledBy,
    fields,
  };
}

function kindOf(current: Booking, { status, refs, fields }: ConnectorChange): ChangeKind {
  if (status === "cancelled" || status === "rejected") return status;
  const isKnown = current.externalRefs.some(
    ({ kind, externalId }) => kind === "uid" && externalId === refs?.uid,
  );
  const isMoved = fields.startsAt !== undefined && fields.startsAt !== current.startsAt;
  return !isKnown || isMoved ? "rescheduled" : "reinstated";
}

/** What the source tells that the ledger is to take over. */
function fieldsToTell(
  current: Booking,
  { change, fillsOnly = [] }: ReportedBooking,
): Partial<BookingFields> {
  const { metadata = {}, attendees = [], ...fields } = change.fields;
  const told = Object.entries(fields).filter(
    ([name]) =>
      !(fillsOnly as readonly string[]).includes(name) ||
      isBlank(current[name as keyof BookingFields]),
  );
  const fills = fillsOnly.includes("metadata");
  const keys = Object.entries(metadata).filter(
    ([key]) => !fills || !Object.hasOwn(current.metadata, key),
  );
  return {
    ...(Object.fromEntries(told) as Partial<BookingFields>),
    metadata: Object.fromEntries(keys),
    attendees: attendees.filter((attendee) => isNews(current, attendee)).map(coming),
  };
}

function isBlank(value: unknown): boolean {
  return value === null || value === undefined || value === "";
}

/** Somebody whom the ledger does not know as coming, or knows under another name. */
function isNews(current: Booking, attendee: Attendee): boolean {
  const known = find(current.attendees, attendee);
  if (known === undefined || known.status === "cancelled") return true;
  const differs = (before: string | null, now: string | null): boolean =>
    now !== null && now !== before;
  return differs(known.name, attendee.name) || differs(known.phone, attendee.phone);
}

/** Whether the person came is told apart, by {@link missed}. */
const coming = (attendee: Attendee): Attendee => ({ ...attendee, status: "accepted" });

/** The seat first, then whoever still comes under this address. */
function find(people: readonly Attendee[], { seatRef, email, name, phone }: Attendee) {
  const bySeat = people.find((known) => seatRef !== null && known.seatRef === seatRef);
  if (bySeat !== undefined) return bySeat;
  const same = people.filter((known) => {
    if (known.seatRef !== null && seatRef !== null) return false;
    if (known.email === null && email === null) return known.name === name && known.phone === phone;
    return plain(known.email) === plain(email);
  });
  return same.find(({ status }) => status !== "cancelled") ?? same[0];
}

const plain = (email: string | null): string | null => email?.trim().toLowerCase() ?? null;

/** Whoever the source no longer names, where it names all. */
function lostSeats(current: Booking, reported: ReportedBooking, asOf: string): ConnectorChange[] {
  const { attendees = [] } = reported.change.fields;
  if (reported.allAttendees !== true || !isOpen(reported.change.status)) return [];
  const lost = current.attendees
    .filter(({ status }) => status !== "cancelled")
    .filter((known) => find(attendees, known) === undefined)
    .map((known): Attendee => ({ ...known, status: "cancelled", sourceUpdatedAt: asOf }));
  return lost.length === 0 ? [] : [peopleChange(reported, "seat_cancelled", lost, asOf)];
}

/** Who did not come, and who came after all. */
function missed(current: Booking, reported: ReportedBooking, asOf: string): ConnectorChange[] {
  const { attendees = [] } = reported.change.fields;
  if (!isOpen(reported.change.status)) return [];
  const differing = attendees.filter((attendee) => {
    const known = find(current.attendees, attendee);
    const wasMissed = known?.status === "no_show";
    return attendee.email !== null && wasMissed !== (attendee.status === "no_show");
  });
  const absent = differing.filter(({ status }) => status === "no_show");
  const present = differing.filter(({ status }) => status !== "no_show");
  return [
    ...(absent.length === 0 ? [] : [peopleChange(reported, "no_show", absent, asOf)]),
    ...(present.length === 0 ? [] : [peopleChange(reported, "no_show_cleared", present, asOf)]),
  ];
}

const nothingSaid = { status: null, sourceStatus: null, statusReason: null, cancelledBy: null };

/** A moment after the main change, which says who comes. */
function peopleChange(
  { change }: ReportedBooking,
  kind: ChangeKind,
  attendees: readonly Attendee[],
  asOf: string,
): ConnectorChange {
  return {
    ...nothingSaid,
    kind,
    refs: change.refs && { ...change.refs, previousUid: null },
    occurredAt: new Date(Date.parse(asOf) + 1).toISOString(),
    sourceSequence: null,
    fields: { attendees },
  };
}

/** A source that ends its meetings by the clock has told of this one's end, or would have. */
function meetingOver(
  current: Booking | null,
  reported: ReportedBooking,
  asOf: string,
): ConnectorChange[] {
  const { change } = reported;
  const { endsAt } = change.fields;
  const isOver = endsAt !== undefined && Date.parse(endsAt) + OVER_AFTER < Date.parse(asOf);
  const isAhead = current !== null && current.status === "checked_in";
  if (reported.endsByClock !== true || change.status !== "confirmed" || !isOver || isAhead)
    return [];
  return [
    {
      ...nothingSaid,
      kind: "completed",
      status: "completed",
      refs: change.refs && { ...change.refs, previousUid: null },
      occurredAt: endsAt,
      sourceSequence: null,
      fields: {},
    },
  ];
}
