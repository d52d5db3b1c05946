import { applyWords, joinPeople, mergeAttendees, mergePerson, personKey } from "./attendees.ts";
import type { Attendee, Booking, BookingChange, BookingStatus, Heard } from "./booking.ts";
import { differences } from "./booking-differences.ts";
import { decide, isIrregularStep } from "./decide.ts";
import { actionOf, type Decision } from "./decision.ts";
import { eventTypeOf } from "./event-type.ts";
import {
  lastWordAt,
  putBefore,
  slotsOf,
  spokenOfAt,
  statusFollowing,
  tidyHeard,
  timesToKeep,
  wordOf,
} from "./heard.ts";
import {
  currentUid,
  type Ids,
  idsAfter,
  idsOf,
  joinIds,
  refsToWrite,
  withRefs,
} from "./lineage.ts";
import { isFilled, mergeFields, personSlot, personSlots, type Slot, type Wins } from "./merge.ts";

/**
 * Decides what becomes of two bookings that a change shows to be one visit: a reschedule that
 * arrives after messages under both of its ids. Of each part the later word counts, and the hub's
 * older booking keeps its identity.
 * @param current the booking that stays; `absorbed` is the other one
 * @param later that of the two which goes by the later id
 */
export function decideMerge(
  current: Booking,
  absorbed: Booking,
  later: Booking,
  change: BookingChange,
  now: Date,
): Decision {
  const earlier = later === current ? absorbed : current;
  const source = change.connectionId ?? "";
  const isNamed = currentUid(idsOf(earlier, source)) === change.refs?.previousUid;
  const ids = joinIds(idsOf(earlier, source), idsOf(later, source));
  const instant = Date.parse(change.occurredAt);
  const former = isNamed ? putBefore(earlier, instant) : earlier;
  const joined = join(former, later, { ids, onePerson: change.onePerson === true });
  const combined: Booking = {
    ...joined,
    id: current.id,
    bookingNumber: current.bookingNumber,
    version: current.version,
    heardCount: current.heardCount,
    externalRefs: withRefs(current.externalRefs, absorbed.externalRefs),
  };
  const decision = decide(combined, change, now);
  const refs = refsToWrite(combined.externalRefs, idsAfter(ids, change), change);
  const kept = "keeps" in decision ? (decision.keeps ?? combined) : combined;
  const next = decision.outcome === "write" ? decision.next : kept;
  const previous = differences(current, next);
  previous["external_refs"] = current.externalRefs.map((ref) => ref.externalId);
  const type = eventTypeOf(current, next, change.kind);
  return {
    outcome: "write",
    action: actionOf(change, type),
    next,
    refs,
    event: {
      type,
      oldStatus: current.status,
      changedFields: Object.keys(previous),
      previous,
      irregular: isIrregularStep(current, next.status, change, now),
    },
  };
}

/** What both bookings tell of the one visit. */
function join(earlier: Booking, later: Booking, { ids, onePerson }: Joining): Booking {
  const earlierWins: Wins = (slot) => {
    const lead = spokenOfAt(earlier, slot) - spokenOfAt(later, slot);
    return lead > 0 || (lead === 0 && !isFilled(later, slot));
  };
  const clears = (["location", "meetingUrl"] as const).filter(
    (slot) => !isFilled(earlier, slot) && spokenOfAt(earlier, slot) > 0,
  );
  const { attendees, ...fields } = earlier;
  const people = joinPeople(later.heard.people ?? {}, earlier.heard.people ?? {});
  const aliases = onePerson ? addressesOf(later, earlier) : [];
  const merged: Booking = {
    ...later,
    ...mergeFields(later, fields, earlierWins, clears),
    attendees: applyWords(
      onePerson
        ? joinPerson(later.attendees, attendees, earlierWins)
        : mergeAttendees(later.attendees, attendees, { wins: earlierWins("attendees") }),
      { people, aliases },
    ),
    sourceUpdatedAt:
      lastWordAt(earlier) > lastWordAt(later) ? earlier.sourceUpdatedAt : later.sourceUpdatedAt,
  };
  const teller = earlierWins("status") ? earlier : later;
  const heard: Heard = {
    isUnborn: earlier.heard.isUnborn === true && later.heard.isUnborn === true,
    word: wordOf(teller),
    meetings: { ...earlier.heard.meetings, ...later.heard.meetings },
    ids: Object.fromEntries(ids),
    people,
    aliases,
    times: timesOfBoth(earlier, later, merged, onePerson ? personSlots : []),
  };
  const status = jointStatus(heard, later, merged, ids);
  const { sourceStatus, statusReason, cancelledBy } = teller;
  return {
    ...merged,
    status,
    sourceStatus,
    statusReason,
    cancelledBy,
    heard: tidyHeard(heard, status),
  };
}

interface Joining {
  readonly ids: Ids;
  /** Both know one person, who is the same. */
  readonly onePerson: boolean;
}

function joinPerson(
  later: readonly Attendee[],
  earlier: readonly Attendee[],
  earlierWins: Wins,
): readonly Attendee[] {
  const said = earlier.at(-1);
  if (said === undefined) return later;
  return mergePerson(later, said, (part) => earlierWins(personSlot(part)));
}

/** Every address that either booking knows its person by; the one in use among them. */
function addressesOf(...bookings: readonly Booking[]): string[] {
  const known = bookings.flatMap(({ attendees, heard }) => [
    ...attendees.map(({ email }) => personKey(email)),
    ...(heard.aliases ?? []),
  ]);
  return [...new Set(known.filter((key) => key !== null))].toSorted();
}

/** What people of the hub did with the booking of the later id stays. */
function jointStatus(heard: Heard, later: Booking, merged: Booking, ids: Ids): BookingStatus {
  const uid = currentUid(ids) ?? "";
  const followed = statusFollowing(wordOf(later), later.heard.meetings?.[uid], later);
  if (followed !== later.status) return later.status;
  return statusFollowing(heard.word ?? "confirmed", heard.meetings?.[uid], merged);
}

function timesOfBoth(
  earlier: Booking,
  later: Booking,
  merged: Booking,
  further: readonly Slot[],
): Record<string, number> {
  const slots = new Set([...slotsOf(earlier), ...slotsOf(later), ...further]);
  const times = new Map(
    [...slots].map((slot) => {
      return [slot, Math.max(spokenOfAt(earlier, slot), spokenOfAt(later, slot))] as const;
    }),
  );
  return timesToKeep(merged, times, lastWordAt(merged));
}
