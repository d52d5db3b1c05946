import type { BookingStatus } from "@slotwire/contract";
import type { Clock } from "../clock.ts";
import { uuid7 } from "../db/uuid7.ts";
import type { Booking, BookingChange, RecordAction } from "../domain/booking.ts";
import { decide } from "../domain/decide.ts";
import { decideMatch, leaveClass } from "../domain/decide-match.ts";
import type { Decision } from "../domain/decision.ts";
import { type Match, matchBookings } from "../domain/match-bookings.ts";
import {
  type Contact,
  contactOf,
  namedOrNull,
  type NamedRecords,
  reachable,
} from "../domain/match-customer.ts";
import { namesItsCountry } from "../domain/normalise-phone.ts";
import { SlotwireError } from "../errors.ts";
import { bookingFromResource } from "./booking-from-resource.ts";
import type { ChangeOrigin } from "./change-origin.ts";
import { foundBookings, foundCandidates, type FoundRow } from "./found-rows.ts";
import {
  linkByMessage,
  linkByRequest,
  linkDifferences,
  type Linking,
  type LinkRequest,
  withLink,
} from "./link-booking.ts";
import type { MessageDraft } from "./message-draft.ts";
import type { LedgerSession, Lookup, Written } from "./queries.ts";
import { type KnownDecision, writeDocument } from "./write-document.ts";

export interface RecordInput {
  readonly orgId: string;
  readonly change: BookingChange;
  /** Kind of the connection, for people to read; null for the hub itself. */
  readonly sourceKind: string | null;
  /** The message that brought the change, kept in the same transaction. */
  readonly message: MessageDraft | null;
  /** The only version that the change may be made to; absent or null for any. */
  readonly expectedVersion?: number | null;
  /** For changes that are made in the hub. */
  readonly origin?: ChangeOrigin | null;
  /** The customer and subject that the message names; absent for none. */
  readonly named?: NamedRecords | undefined;
  /** Links the booking, and changes nothing else: the rest of the change is not looked at. */
  readonly link?: LinkRequest | undefined;
  /** Who makes it is not shown contact data: by whom it finds, they would learn whose it is. */
  readonly findsNobody?: boolean;
  /** Its provider makes it, who has only bookings of their own. */
  readonly madeForSelf?: boolean;
}

export interface RecordResult {
  readonly action: RecordAction;
  readonly bookingId: string | null;
  readonly bookingNumber: number | null;
  readonly version: number | null;
  readonly seq: number | null;
  readonly messageId: string | null;
  readonly reason: string | null;
  readonly irregular: boolean;
  /** For `refused`: the states that would be allowed; null when another system owns the booking. */
  readonly allowed: readonly BookingStatus[] | null;
  /** Whom it named that the booking does not know, where it did: who is on it, by their addresses. */
  readonly coming?: readonly string[];
  /** What people are to be told of the records that it names, where there is something. */
  readonly warning?: string;
}

/** A change that is to be recorded, and the clock that its decision goes by. */
export interface Recording {
  readonly input: RecordInput;
  readonly clock: Clock;
}

/** A recording, and who its booking is of by what it says. */
interface Asked extends Recording {
  readonly contact: Contact | null;
}

/** A change that was decided. */
interface Plan {
  readonly decision: KnownDecision;
  readonly current: Booking | null;
  readonly bookingId: string;
  readonly document: object;
  readonly warning: string | null;
}

/**
 * Reads, decides and writes several changes of one organisation, each for itself: one that fails
 * is answered by its error and leaves the others alone.
 */
export async function recordGroup(
  session: LedgerSession,
  recordings: readonly Recording[],
): Promise<(RecordResult | Error)[]> {
  const asked = await withContacts(session, recordings);
  const found = await session.find(asked.map(lookupOf));
  const plans = asked.map((each, index) => planOrError(each, found[index] ?? []));
  const ready = plans.filter((plan): plan is Plan => !(plan instanceof Error));
  const written = await session.write(ready.map((plan) => plan.document));
  const results = new Map(ready.map((plan, index) => [plan, resultOf(plan, written[index])]));
  return plans.map((plan) => (plan instanceof Error ? plan : (results.get(plan) ?? notAnswered())));
}

const notAnswered = (): Error => new TypeError("the ledger's write answered nothing");

/** The organisation's country is only asked for when a number does not tell its own. */
export async function withContacts(
  session: LedgerSession,
  recordings: readonly Recording[],
): Promise<Asked[]> {
  const people = recordings.map(({ input }) =>
    input.link === undefined && input.findsNobody !== true
      ? reachable(input.change.fields.attendees ?? [])
      : null,
  );
  const needsCountry = people.some(
    (person) => person !== null && person.phone !== null && !namesItsCountry(person.phone),
  );
  const country = needsCountry ? await session.phoneCountry() : null;
  return recordings.map((recording, index) => ({
    ...recording,
    contact: contactOf(people[index] ?? null, country),
  }));
}

export function lookupOf({ input: { change, named, link }, contact }: Asked): Lookup {
  const { refs } = change;
  const identities = link?.newCustomer?.identities ?? [];
  return {
    connection_id: change.connectionId,
    uid: refs?.uid ?? null,
    previous_uid: refs?.previousUid ?? null,
    ical_uid: refs?.icalUid ?? null,
    booking_id: change.bookingId,
    customer: link?.customerId ?? named?.customerId ?? null,
    subject: named?.subjectId ?? null,
    email: contact?.email?.norm ?? identities.find(({ kind }) => kind === "email")?.norm ?? null,
    phone: contact?.phone?.norm ?? null,
  };
}

function planOrError(asked: Asked, found: readonly FoundRow[]): Plan | Error {
  try {
    return planOf(asked, found);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

export function planOf(asked: Asked, found: readonly FoundRow[]): Plan {
  const { input, clock } = asked;
  const { change } = input;
  const bookings = foundBookings(found);
  const oldestFirst = bookings
    .map(bookingFromResource)
    .toSorted((one, other) => one.bookingNumber - other.bookingNumber);
  const match = matchBookings(oldestFirst, change);
  const { current } = match;
  if (current !== null && current.version !== (input.expectedVersion ?? current.version)) {
    throw new SlotwireError("E_PRECONDITION", {
      detail: `The booking is at version ${current.version}.`,
    });
  }
  const now = clock.now();
  const linking = linkingOf(asked, match, found);
  const before = bookings.find(({ booking }) => booking.id === current?.id);
  const changes = linkDifferences(before, linking);
  const decision =
    input.link === undefined ? decideMatch(match, change, now) : decideLink(current, changes);
  if (decision.outcome === "unknown") {
    throw new SlotwireError("E_BOOKING_UNKNOWN", { detail: decision.reason });
  }
  const linked = decision.outcome === "write" ? withLink(decision, changes) : decision;
  const bookingId = current?.id ?? change.bookingId ?? uuid7();
  const considered = oldestFirst.map(({ id }) => id);
  const document = writeDocument({
    ...input,
    decision: linked,
    match,
    considered,
    linking,
    bookingId,
    now,
  });
  const leaves = linked.outcome === "refused" ? null : leavingOf(input, match, { found, now });
  return {
    decision: linked,
    current,
    bookingId,
    document: leaves === null ? document : { ...document, leaves },
    warning: linking.warning,
  };
}

/** What is to be written of the class that a seat leaves; null for nothing. */
function leavingOf(
  input: RecordInput,
  match: Match,
  { found, now }: { readonly found: readonly FoundRow[]; readonly now: Date },
): object | null {
  const leaving = leaveClass(match, input.change);
  if (leaving === null) return null;
  const { left, change } = leaving;
  const decision = decide(left, change, now);
  if (decision.outcome === "unknown" || decision.outcome === "refused") return null;
  const ofClass: Match = { current: left, absorbed: null, later: null };
  const nobody = { named: null, contact: null, candidates: { customers: [], subjects: [] } };
  return writeDocument({
    ...input,
    change,
    message: null,
    decision,
    match: ofClass,
    considered: [left.id],
    linking: linkByMessage(foundBookings(found), ofClass, nobody),
    bookingId: left.id,
    now,
  });
}

function linkingOf({ input, contact }: Asked, match: Match, found: readonly FoundRow[]): Linking {
  const candidates = foundCandidates(found);
  if (input.link !== undefined) return linkByRequest(input.link, candidates);
  const named = namedOrNull(input.named);
  return linkByMessage(foundBookings(found), match, { named, contact, candidates });
}

/** A link is the hub's own: whoever owns the booking, it can be made. */
function decideLink(current: Booking | null, changes: Record<string, unknown>): Decision {
  if (current === null) return { outcome: "unknown", reason: "there is no such booking" };
  const [first] = Object.keys(changes);
  if (first === undefined) return { outcome: "unchanged", reason: "the booking is linked so" };
  const action = first === "customer" ? "customer_linked" : "subject_linked";
  return {
    outcome: "write",
    action,
    next: current,
    refs: [],
    event: {
      type: `booking.${action}`,
      oldStatus: current.status,
      changedFields: [],
      previous: {},
      irregular: false,
    },
  };
}

function comingTo(booking: Booking | null): string[] {
  const attendees = booking?.attendees.filter(({ status }) => status !== "cancelled") ?? [];
  return attendees.flatMap(({ email }) => email ?? []);
}

/** What became of the change, for whoever asked for it. */
function resultOf(
  { decision, current, bookingId, warning }: Plan,
  written: Written | Error | undefined,
): RecordResult | Error {
  if (written === undefined) return notAnswered();
  if (written instanceof Error) return written;
  const untouched = {
    bookingId: current?.id ?? null,
    bookingNumber: current?.bookingNumber ?? null,
    version: current?.version ?? null,
    seq: null,
    messageId: written.message_id,
    irregular: false,
    allowed: null,
    ...(warning === null ? {} : { warning }),
  };
  if (written.duplicate) {
    const reason = "this message was dealt with before";
    return { ...untouched, bookingId: written.booking_id ?? null, action: "duplicate", reason };
  }
  if (decision.outcome !== "write") {
    const allowed =
      decision.outcome === "refused" && decision.code === "E_TRANSITION" ? decision.allowed : null;
    const rest = { ...untouched, action: decision.outcome, reason: decision.reason, allowed };
    const isUnknown = "code" in decision && decision.code === "E_ATTENDEE_UNKNOWN";
    return isUnknown ? { ...rest, coming: comingTo(current) } : rest;
  }
  return {
    ...untouched,
    action: decision.action,
    bookingId,
    bookingNumber: written.booking_number ?? null,
    version: written.version ?? null,
    seq: written.seq ?? null,
    reason: null,
    irregular: decision.event.irregular,
  };
}
