import type {
  Attendee,
  Booking,
  BookingChange,
  BookingStatus,
  Heard,
  PersonWord,
} from "./booking.ts";
import { spokenAt } from "./attendees.ts";
import { isFilled, isPersonSlot, metadataSlot, singleSlots, type Slot } from "./merge.ts";

/** When the source last spoke of anything, in ms; 0 for never. */
export function lastWordAt({ sourceUpdatedAt }: Pick<Booking, "sourceUpdatedAt">): number {
  return sourceUpdatedAt === null ? 0 : Date.parse(sourceUpdatedAt);
}

/** When the source last spoke of a part of the booking, in ms; 0 for never. */
export function spokenOfAt(booking: Booking, slot: Slot): number {
  const times = booking.heard.times ?? {};
  if (Object.hasOwn(times, slot)) return times[slot] ?? 0;
  if (!isFilled(booking, slot)) return 0;
  return isPersonSlot(slot) ? spokenOfAt(booking, "attendees") : lastWordAt(booking);
}

/** Every part of a booking that something is known of, or was. */
export function slotsOf(booking: Booking): Set<Slot> {
  const filled = singleSlots.filter((slot) => isFilled(booking, slot));
  const keys = Object.keys(booking.metadata).map(metadataSlot);
  const known = Object.keys(booking.heard.times ?? {});
  return new Set<Slot>(["status", "times", "attendees", ...filled, ...keys, ...known]);
}

/**
 * The times to keep, by slot: only those that do not follow from the booking's last word.
 * @param booking as it will be
 * @param lastWord in ms
 */
export function timesToKeep(
  booking: Booking,
  times: ReadonlyMap<Slot, number>,
  lastWord: number,
): Record<Slot, number> {
  const implied = (slot: Slot): number => {
    if (!isFilled(booking, slot)) return 0;
    return isPersonSlot(slot) ? (times.get("attendees") ?? lastWord) : lastWord;
  };
  return Object.fromEntries([...times].filter(([slot, at]) => at !== implied(slot)));
}

/** The state of a booking that its source leaves open by what it last said. */
export function wordOf({ status, heard }: Pick<Booking, "status" | "heard">): BookingStatus {
  return heard.word ?? shownWord(status);
}

/** What the word is when nothing else is kept: what goes on and what is over was taken once. */
function shownWord(status: BookingStatus): BookingStatus {
  return status === "pending" || status === "cancelled" || status === "rejected"
    ? status
    : "confirmed";
}

/** A booking is made, not moved: neither a predecessor nor a sequence tells of a life before. */
export function isBirth({ kind, refs, sourceSequence }: BookingChange): boolean {
  const isMade = kind === "created" || kind === "requested";
  return isMade && refs?.previousUid == null && (sourceSequence ?? 0) === 0;
}

/** Leaves out what says nothing, so that most bookings keep nothing at all. */
export function tidyHeard(heard: Heard, status: BookingStatus): Heard {
  const {
    isUnborn,
    word,
    meetings = {},
    ids,
    times = {},
    people = {},
    aliases = [],
    answers = {},
  } = heard;
  return {
    ...(isUnborn === true ? { isUnborn } : {}),
    ...(word === undefined || word === shownWord(status) ? {} : { word }),
    ...(Object.keys(meetings).length === 0 ? {} : { meetings }),
    ...(ids === undefined ? {} : { ids }),
    ...(Object.keys(times).length === 0 ? {} : { times }),
    ...(Object.keys(people).length === 0 ? {} : { people }),
    ...(aliases.length === 0 ? {} : { aliases }),
    ...(Object.keys(answers).length === 0 ? {} : { answers }),
  };
}

/**
 * What follows from all that a source said: its word, the clock, and who comes.
 * @param isOver what the clock told of the meeting at the present time; undefined for nothing
 */
export function statusFollowing(
  word: BookingStatus,
  isOver: boolean | undefined,
  { attendees, seats }: Pick<Booking, "attendees" | "seats">,
): BookingStatus {
  if (word === "cancelled" || word === "rejected") return word;
  const isShared = seats !== null || attendees.some(({ seatRef }) => seatRef !== null);
  const coming = attendees.filter(({ status }) => status !== "cancelled");
  if (isShared && attendees.length > 0 && coming.length === 0) return "cancelled";
  if (coming.length > 0 && coming.every(({ status }) => status === "no_show")) return "no_show";
  if (word === "no_show" || isOver === undefined) return word;
  return isOver ? "completed" : "in_progress";
}

/**
 * The booking with everything that was said of it put before an instant: a new id that names its
 * predecessor speaks of the present, whatever the clock of earlier messages says.
 * @param instant in ms
 */
export function putBefore(booking: Booking, instant: number): Booking {
  const latest = instant - 1;
  const { times = {}, people = {} } = booking.heard;
  const capped = Object.entries(times).map(([slot, at]) => [slot, Math.min(at, latest)] as const);
  const words = Object.entries(people).map(([key, word]) => [key, capWord(word, latest)] as const);
  const lastWord = Math.min(lastWordAt(booking), latest);
  return {
    ...booking,
    sourceUpdatedAt: booking.sourceUpdatedAt === null ? null : toInstant(lastWord),
    attendees: booking.attendees.map((attendee) => capAttendee(attendee, latest)),
    heard: {
      ...booking.heard,
      times: Object.fromEntries(capped),
      people: Object.fromEntries(words),
    },
  };
}

function capWord(word: PersonWord, latest: number): PersonWord {
  const { goneAt, missedAt } = word;
  return {
    ...word,
    ...(goneAt === undefined ? {} : { goneAt: Math.min(goneAt, latest) }),
    ...(missedAt === undefined ? {} : { missedAt: Math.min(missedAt, latest) }),
  };
}

function capAttendee(attendee: Attendee, latest: number): Attendee {
  return spokenAt(attendee) > latest
    ? { ...attendee, sourceUpdatedAt: toInstant(latest) }
    : attendee;
}

/** An instant in ms as RFC 3339 in UTC. */
export function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}
