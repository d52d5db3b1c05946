import type { Booking, BookingChange, BookingStatus, Heard } from "./booking.ts";
import { applyWords, joinPeople } from "./attendees.ts";
import type { NextBooking } from "./decision.ts";
import {
  isBirth,
  lastWordAt,
  slotsOf,
  spokenOfAt,
  statusFollowing,
  tidyHeard,
  timesToKeep,
  toInstant,
  wordOf,
} from "./heard.ts";
import { aliasesAfter, blanksOfPeople, peopleAfter, wordsOf } from "./hear-people.ts";
import { currentUid, type Ids, idsToKeep } from "./lineage.ts";
import { isSettled } from "./settled.ts";
import { blanksOnly, mergeFields, personSlots, type Slot, type Wins } from "./merge.ts";

/** A source's message about a booking of its own, with what the refs tell of it. */
export interface Word {
  readonly change: BookingChange;
  /** When it was said, in ms; what goes by an old id was said before that id was given up. */
  readonly at: number;
  /** The ids of the booking before it and after it. */
  readonly before: Ids;
  readonly ids: Ids;
}

/** What a booking is after a word of its source. */
export interface Hearing {
  readonly next: NextBooking;
  /** Something later was known of some of what it says. */
  readonly isLate: boolean;
  /** It decided about the booking's times. */
  readonly setTimes: boolean;
}

/**
 * Hears a source's word. Every part of a booking goes by the source's last word on it, so it does
 * not matter in which order messages arrive, nor how often. Pure.
 */
export function hear(known: Booking, word: Word): Hearing {
  const { change, at } = word;
  if (isMeeting(change)) return hearMeeting(known, word);
  const said = new Map<Slot, number>();
  let isLate = false;
  const wins: Wins = (slot) => {
    const lead = at - spokenOfAt(known, slot);
    const isNewest = lead > 0 || (lead === 0 && !isSettled(change.settled, slot));
    if (isNewest) said.set(slot, at);
    else isLate = true;
    return isNewest;
  };
  const { attendees: _people, ...fields } = change.fields;
  const merged = mergeFields(known, fields, wins, change.clears);
  const people = joinPeople(known.heard.people ?? {}, wordsOf(change, at));
  const seats = peopleAfter(known, word, { wins, said });
  const aliases = aliasesAfter(known, change, seats);
  const spoken = stateSaid(known, change);
  const winsState = spoken !== null && winsStatus(known, word);
  if (winsState) said.set("status", at);
  else if (spoken !== null) isLate = true;
  const content: Booking = {
    ...known,
    ...merged,
    attendees: applyWords(seats, { people, aliases }),
    sourceUpdatedAt: laterOf(known.sourceUpdatedAt, said.size === 0 ? 0 : at),
  };
  const next = withState(known, content, word, {
    word: winsState ? spoken : wordOf(known),
    meetings: meetingsAfter(known, content, word),
    people,
    aliases,
    times: timesAfter(known, content, said, change.onePerson === true ? personSlots : []),
  });
  const lead = at - lastWordAt(known);
  const isNews = lead > 0 || (lead === 0 && (change.settled ?? []).length === 0);
  return {
    next: { ...next, ...wordsBeside(known, next, change, { winsState, isNews }) },
    isLate,
    setTimes: said.has("times"),
  };
}

/** Cal.com's MEETING_* and their like fire by the clock, whatever became of the booking. */
export function isMeeting({ kind }: BookingChange): boolean {
  return kind === "started" || kind === "completed";
}

/** What a clock fact says was frozen when the booking was made: it only fills blanks. */
function hearMeeting(known: Booking, word: Word): Hearing {
  const { change } = word;
  if (isGone(word)) return { next: known, isLate: true, setTimes: false };
  const isOpen = known.status !== "cancelled" && known.status !== "rejected";
  const wins: Wins = (slot) =>
    slot !== "times" && blanksOnly(known)(slot) && spokenOfAt(known, slot) === 0;
  const { attendees: _people, ...fields } = change.fields;
  const { people = {}, aliases = [] } = known.heard;
  const content: Booking = isOpen
    ? {
        ...known,
        ...mergeFields(known, fields, wins),
        attendees: applyWords(blanksOfPeople(known, change), { people, aliases }),
      }
    : known;
  const next = withState(known, content, word, {
    word: wordOf(known),
    meetings: meetingsAfter(known, content, word),
    people,
    aliases,
    times: timesAfter(known, content, new Map()),
  });
  return { next, isLate: false, setTimes: false };
}

/** The state that a message says the booking is in; null when it says nothing about that. */
function stateSaid(known: Booking, change: BookingChange): BookingStatus | null {
  const namesPeople = (change.fields.attendees ?? []).length > 0;
  switch (change.kind) {
    case "seat_cancelled":
      return null;
    case "no_show":
      return namesPeople ? null : "no_show";
    case "no_show_cleared":
      return !namesPeople && wordOf(known) === "no_show" ? "confirmed" : null;
    default:
      return change.status;
  }
}

/** At the same instant the sequence decides, and the birth of a booking comes before its end. */
function winsStatus(known: Booking, { change, at }: Word): boolean {
  const lead = at - spokenOfAt(known, "status");
  if (lead !== 0) return lead > 0;
  if (isSettled(change.settled, "status")) return false;
  const { sourceSequence } = known;
  if (sourceSequence !== null && (change.sourceSequence ?? sourceSequence) < sourceSequence) {
    return false;
  }
  const isOpening = change.kind === "created" || change.kind === "requested";
  const word = wordOf(known);
  return !(isOpening && (word === "cancelled" || word === "rejected"));
}

/** It goes by an id that a reschedule named as the one before. */
function isGone({ change, ids }: Word): boolean {
  return ids.get(change.refs?.uid ?? "")?.goneAt !== undefined;
}

/** What is known of the meetings. Who came after all, was there until the end. */
function meetingsAfter(known: Booking, content: Booking, word: Word): Heard["meetings"] & {} {
  const { change, at, ids } = word;
  const uid = change.refs?.uid ?? "";
  const before = Object.entries(known.heard.meetings ?? {}).filter(
    ([id]) => ids.get(id)?.goneAt === undefined,
  );
  const cameAfterAll = change.kind === "no_show_cleared" && at >= Date.parse(content.endsAt);
  if ((isMeeting(change) || cameAfterAll) && !isGone(word)) {
    const wasOver = before.some(([id, isOver]) => id === uid && isOver);
    return Object.fromEntries([...before, [uid, wasOver || change.kind !== "started"]]);
  }
  const isMoved = movesMeeting(known, content, word);
  return Object.fromEntries(isMoved ? before.filter(([id]) => id !== uid) : before);
}

/** Another time under the same id, told after the meeting that was: it has yet to begin. */
function movesMeeting(known: Booking, content: Booking, { change, at }: Word): boolean {
  const { refs, kind } = change;
  const isMove = kind === "rescheduled" && refs?.previousUid == null;
  if (!isMove || content.startsAt === known.startsAt) return false;
  const isOver = known.heard.meetings?.[refs?.uid ?? ""];
  if (isOver === true || known.status === "completed") return at > Date.parse(known.endsAt);
  if (isOver === false || known.status === "in_progress") return at > Date.parse(known.startsAt);
  return true;
}

/** The booking's state after what was heard, and what is to be kept of it. */
function withState(known: Booking, content: Booking, word: Word, heard: Heard): NextBooking {
  const { heard: before } = known;
  const isUnborn = before.isUnborn === true && !isBirth(word.change);
  const { ids } = word;
  const uid = currentUid(ids) ?? "";
  const former = currentUid(word.before) ?? uid;
  const following = statusFollowing(heard.word ?? "confirmed", heard.meetings?.[uid], content);
  const followed = statusFollowing(wordOf(known), before.meetings?.[former], known);
  const isFresh = former !== uid || movesMeeting(known, content, word);
  const status =
    isFresh || (following !== followed && !isBehind(following, known.status, followed))
      ? following
      : known.status;
  const idsKept = idsToKeep(ids, isUnborn);
  const kept = idsKept === undefined ? {} : { ids: idsKept };
  return { ...content, status, heard: tidyHeard({ ...heard, isUnborn, ...kept }, status) };
}

const progress: readonly BookingStatus[] = [
  "pending",
  "confirmed",
  "checked_in",
  "in_progress",
  "completed",
];

/** People of the hub are further than the source says: what they did here stays. */
function isBehind(
  following: BookingStatus,
  status: BookingStatus,
  followed: BookingStatus,
): boolean {
  const isLocal = status !== followed && progress.indexOf(status) > 1;
  const at = progress.indexOf(following);
  return isLocal && at >= 0 && at < progress.indexOf(status);
}

function timesAfter(
  known: Booking,
  content: Booking,
  said: ReadonlyMap<Slot, number>,
  further: readonly Slot[] = [],
): Record<Slot, number> {
  const slots = new Set([...slotsOf(known), ...slotsOf(content), ...said.keys(), ...further]);
  const times = new Map(
    [...slots].map((slot) => [slot, said.get(slot) ?? spokenOfAt(known, slot)] as const),
  );
  return timesToKeep(content, times, lastWordAt(content));
}

/** What goes with the state: the source's own word, the reason, who did it, the sequence. */
function wordsBeside(
  known: Booking,
  { status }: NextBooking,
  change: BookingChange,
  { winsState, isNews }: { readonly winsState: boolean; readonly isNews: boolean },
): Pick<Booking, "sourceStatus" | "statusReason" | "cancelledBy" | "sourceSequence"> {
  const isSaid = winsState || (isNews && change.status === null);
  const reason = winsState ? (change.statusReason ?? known.statusReason) : known.statusReason;
  const isOff = status === "cancelled";
  return {
    sourceStatus: isSaid ? (change.sourceStatus ?? known.sourceStatus) : known.sourceStatus,
    statusReason: status === known.status ? reason : change.statusReason,
    cancelledBy: isOff
      ? ((status !== known.status || winsState ? change.cancelledBy : null) ?? known.cancelledBy)
      : null,
    sourceSequence: isNews ? (change.sourceSequence ?? known.sourceSequence) : known.sourceSequence,
  };
}

function laterOf(before: string | null, at: number): string | null {
  if (at === 0) return before;
  return before === null || at > Date.parse(before) ? toInstant(at) : before;
}
