import { joinPeople, mergeAttendees, mergePerson, personKey, wordsOn } from "./attendees.ts";
import type { Attendee, Booking, BookingChange, Heard } from "./booking.ts";
import { spokenOfAt, toInstant } from "./heard.ts";
import { personSlot, type Slot, type Wins } from "./merge.ts";
import { isSettled } from "./settled.ts";

/** What a message says about single people, whoever of them is known yet. @param at in ms */
export function wordsOf(change: BookingChange, at: number): NonNullable<Heard["people"]> {
  const { attendees = [], seats } = change.fields;
  if (change.onePerson === true) return wordsOfOne(change, at);
  const emails = (some: readonly Attendee[]): (string | null)[] => some.map(({ email }) => email);
  switch (change.kind) {
    case "no_show":
    case "no_show_cleared": {
      if (attendees.length === 0) {
        return change.kind === "no_show" ? {} : wordsOn([], { missedAt: at, missed: false });
      }
      return attendees
        .filter(({ email }) => email !== null)
        .map(({ email, status }) =>
          wordsOn([email], { missedAt: at, missed: status === "no_show" }),
        )
        .reduce(joinPeople, {});
    }
    case "seat_cancelled": {
      const withoutSeat = attendees.filter(({ seatRef, email }) => seatRef === null && email);
      return withoutSeat.length === 0 ? {} : wordsOn(emails(withoutSeat), { goneAt: at });
    }
    case "cancelled":
      // Whoever takes a seat after everybody lost theirs is the only one who comes.
      return seats == null ? {} : wordsOn([], { goneAt: at });
    default:
      return {};
  }
}

/** Whoever is not named by an address is the one who comes. */
function wordsOfOne(change: BookingChange, at: number): NonNullable<Heard["people"]> {
  const { kind, fields } = change;
  const attendees = fields.attendees ?? [];
  const isNamed = attendees.length > 0;
  // Who is named in an acceptance has its time; who is not, is expected again all the same.
  if (isMark(kind) !== isNamed || (!isMark(kind) && !accepting.has(kind))) return {};
  const emails = attendees.flatMap(({ email }) => email ?? []);
  return wordsOn(emails, { missedAt: at, missed: kind === "no_show" });
}

const isMark = (kind: BookingChange["kind"]): boolean =>
  kind === "no_show" || kind === "no_show_cleared";

/** It says who missed a visit and nothing of the visit: it names people, and does not rename them. */
const isBareMark = ({ kind, fields }: BookingChange): boolean =>
  isMark(kind) && fields.startsAt === undefined;

/** Whether all whom a mark names, by their addresses, are unknown to the booking. */
export function namesStrangers(
  { attendees, heard }: Pick<Booking, "attendees" | "heard">,
  change: BookingChange,
): boolean {
  const named = (change.fields.attendees ?? []).flatMap(({ email }) => personKey(email) ?? []);
  if (!isMark(change.kind) || named.length === 0) return false;
  if (change.onePerson === true && (!isBareMark(change) || attendees.length === 0)) return false;
  const coming = attendees.filter(({ status }) => status !== "cancelled");
  const known = new Set([...coming.map(({ email }) => personKey(email)), ...(heard.aliases ?? [])]);
  return named.every((key) => !known.has(key));
}

/** The addresses of the one person beside the one in use: all that were ever told, in any order. */
export function aliasesAfter(
  { attendees, heard }: Pick<Booking, "attendees" | "heard">,
  change: BookingChange,
  after: readonly Attendee[],
): readonly string[] {
  if (change.onePerson !== true) return heard.aliases ?? [];
  const told = isBareMark(change) ? [] : (change.fields.attendees ?? []);
  const keys = [...attendees, ...told].map(({ email }) => personKey(email));
  const known = [...(heard.aliases ?? []), ...keys.filter((key) => key !== null)];
  const used = new Set(after.map(({ email }) => personKey(email)));
  return [...new Set(known)].filter((key) => !used.has(key)).toSorted();
}

/** A word, and when it was said, in ms. */
interface Timed {
  readonly change: BookingChange;
  readonly at: number;
}

/** How parts of a booking are decided on. */
interface Deciding {
  readonly wins: Wins;
  /** Takes the slots that were decided by this word, with its time. */
  readonly said: Map<Slot, number>;
}

/** The attendees after a word; what was said of them by e-mail comes on top. */
export function peopleAfter(
  known: Booking,
  { change, at }: Timed,
  deciding: Deciding,
): readonly Attendee[] {
  return change.onePerson === true
    ? personAfter(known, { change, at }, deciding)
    : seatsAfter(known, change, { at, wins: deciding.wins });
}

/** The attendees after a word that fills blanks, and changes nothing. */
export function blanksOfPeople(
  { attendees }: Booking,
  { onePerson, fields }: BookingChange,
): readonly Attendee[] {
  const silent = (fields.attendees ?? []).map((one) => ({ ...one, sourceUpdatedAt: null }));
  const [only] = silent;
  if (onePerson !== true || only === undefined)
    return mergeAttendees(attendees, silent, { wins: false });
  return mergePerson(attendees, only, () => false);
}

/** The person after a word of a source whose bookings are one person's. */
function personAfter(
  known: Booking,
  { change, at }: Timed,
  { wins, said }: Deciding,
): readonly Attendee[] {
  const [attendee] = change.fields.attendees ?? [];
  if (attendee === undefined) return known.attendees;
  if (isBareMark(change)) return known.attendees;
  if (at >= spokenOfAt(known, "attendees")) said.set("attendees", at);
  const sourceUpdatedAt = accepting.has(change.kind) ? toInstant(at) : null;
  const told: Attendee = { ...attendee, status: "accepted", sourceUpdatedAt };
  return mergePerson(known.attendees, told, (part) => wins(personSlot(part)));
}

const accepting: ReadonlySet<BookingChange["kind"]> = new Set([
  "created",
  "requested",
  "rescheduled",
  "reinstated",
]);

/** Seats and guests after a word. A no-show names people; it does not invite new ones. */
function seatsAfter(
  known: Booking,
  { kind, fields, settled }: BookingChange,
  { at, wins }: { readonly at: number; readonly wins: Wins },
): readonly Attendee[] {
  const { attendees = [] } = fields;
  if (attendees.length === 0 || isMark(kind)) return known.attendees;
  const spoken = attendees.map((attendee): Attendee => {
    const byEmail = kind === "seat_cancelled" && attendee.seatRef === null && attendee.email;
    // Whoever moves a class names its people without their seats: they may hold another by now.
    const isListed = kind === "rescheduled" && fields.seats != null && attendee.seatRef === null;
    const accepts = accepting.has(kind) && !isListed;
    const speaks = !byEmail && (accepts || attendee.status !== "accepted");
    return { ...attendee, sourceUpdatedAt: speaks ? toInstant(at) : null };
  });
  const isNew = !isSettled(settled, "attendees");
  return mergeAttendees(known.attendees, spoken, { wins: wins("attendees"), isNew });
}
