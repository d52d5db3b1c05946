import type { BookingEvent, BookingStatus, DemoResource, DemoVisit } from "@slotwire/contract";

/*
 * Glossary. A *visit* is what truly is at the simulated source; a *booking* is what the hub made of
 * it, and what this page was told of it by events. What is *under way* can still become right by
 * itself: a message about it is held back, or this page has not heard of it yet.
 */

/** A booking as the last event of it said that it is. */
interface ShownBooking {
  readonly version: number;
  readonly seq: number;
  readonly status: BookingStatus;
  readonly startsAt: string;
  readonly endsAt: string;
  /** Every id that it ever had at its source; null for one that is gone. */
  readonly uids: readonly string[] | null;
  /** Somebody else than the source has changed it, so that it need not be as it is there. */
  readonly isTouched: boolean;
}

/** Everything that the page was told by events since a position of the log. */
export interface Heard {
  readonly from: number;
  /** The highest position that it heard of. */
  highest: number;
  /** Different events. */
  shown: number;
  /** Events that came once more. */
  repeated: number;
  /** Positions below the highest that it did not hear of. */
  readonly missing: Set<number>;
  readonly bookings: Map<string, ShownBooking>;
}

/** What the source says is true, since the page began. */
export interface Truth {
  /** Things that happened since then. */
  readonly sent: number;
  /** All visits that changed since then, each as it is now. */
  readonly visits: ReadonlyMap<string, DemoVisit>;
  /** Those about which a message is held back or on its way. */
  readonly open: ReadonlySet<string>;
  /** Messages that the hub has taken and not yet made something of. */
  readonly unprocessed: number;
  /** Positions of the log before and after the source was asked. */
  readonly before: number;
  readonly position: number;
}

export interface Reckoning {
  readonly sent: number;
  readonly shown: number;
  readonly lost: number;
  readonly doubled: number;
  /** Visits that are not shown as they are, and may still become so. */
  readonly underWay: number;
}

/** The beginning: nothing was heard behind this position. */
export function nothingHeard(from: number): Heard {
  return { from, highest: from, shown: 0, repeated: 0, missing: new Set(), bookings: new Map() };
}

/** Takes in one event, in whatever order they come. What lies before the beginning is left out. */
export function hear(heard: Heard, event: BookingEvent): void {
  const { seq } = event;
  if (seq <= heard.from) return;
  if (seq > heard.highest) {
    for (let skipped = heard.highest + 1; skipped < seq; skipped += 1) heard.missing.add(skipped);
    heard.highest = seq;
  } else if (!heard.missing.delete(seq)) {
    heard.repeated += 1;
    return;
  }
  heard.shown += 1;
  hearOfBooking(heard, event);
}

const byPeople: ReadonlySet<string> = new Set(["user", "api_key", "customer"]);

function hearOfBooking({ bookings }: Heard, event: BookingEvent): void {
  const { booking } = event.data;
  const known = bookings.get(event.booking_id);
  const isTouched = known?.isTouched === true || byPeople.has(event.actor.kind);
  if (known !== undefined && known.version >= event.booking_version) {
    if (isTouched !== known.isTouched) bookings.set(event.booking_id, { ...known, isTouched });
    return;
  }
  bookings.set(event.booking_id, {
    version: event.booking_version,
    seq: event.seq,
    status: event.new_status,
    startsAt: booking?.starts_at ?? "",
    endsAt: booking?.ends_at ?? "",
    uids: booking === undefined || booking.deleted_at !== null ? null : uidsOf(booking),
    isTouched,
  });
}

function uidsOf({ external_refs: refs }: NonNullable<BookingEvent["data"]["booking"]>): string[] {
  return refs.filter(({ kind }) => kind === "uid").map(({ external_id }) => external_id);
}

/**
 * The truth after another answer of the source.
 * @param former what was known before; null for the first answer, which is the beginning
 * @param sentBefore how much had happened at the source when the page began
 */
export function learn(former: Truth | null, answer: DemoResource, sentBefore: number): Truth {
  const visits = new Map(former?.visits);
  for (const visit of answer.visits) visits.set(visit.id, visit);
  return {
    sent: answer.counts.happened - sentBefore,
    visits,
    open: new Set(answer.open_visits),
    unprocessed: answer.unprocessed,
    before: former?.position ?? answer.position,
    position: answer.position,
  };
}

/**
 * Compares what the page was told with what is true. A visit counts as lost when the page has heard
 * everything of the log, nothing about the visit is open any more, and it is still not shown as it
 * is; so does each position of the log that was left out. An event that came twice is doubled, and
 * so is each booking too many of one visit.
 */
export function reckon(heard: Heard, truth: Truth): Reckoning {
  const byUid = bookingsByUid(heard);
  const hasHeardAll = heard.highest >= truth.position && truth.unprocessed === 0;
  let [lost, doubled, underWay] = [heard.missing.size, heard.repeated, 0];
  for (const visit of truth.visits.values()) {
    const bookings = bookingsOf(visit, byUid);
    if (bookings.some(({ isTouched }) => isTouched)) continue;
    const isShown = bookings.some((booking) => shows(booking, visit));
    // Of what came behind the last answer, the source may have said more since.
    const isNews = bookings.some(({ seq }) => seq > truth.before);
    const isOpen = !hasHeardAll || truth.open.has(visit.id) || isNews;
    if (!isShown && isOpen) underWay += 1;
    else if (!isShown) lost += 1;
    if (!isOpen) doubled += Math.max(0, bookings.length - 1);
  }
  return { sent: truth.sent, shown: heard.shown, lost, doubled, underWay };
}

function bookingsByUid({ bookings }: Heard): Map<string, ShownBooking[]> {
  const byUid = new Map<string, ShownBooking[]>();
  for (const booking of bookings.values()) {
    for (const uid of booking.uids ?? []) {
      const others = byUid.get(uid);
      if (others === undefined) byUid.set(uid, [booking]);
      else others.push(booking);
    }
  }
  return byUid;
}

function bookingsOf(
  { uids }: DemoVisit,
  byUid: ReadonlyMap<string, readonly ShownBooking[]>,
): readonly ShownBooking[] {
  return [...new Set(uids.flatMap((uid) => byUid.get(uid) ?? []))];
}

function shows({ status, startsAt, endsAt, uids }: ShownBooking, visit: DemoVisit): boolean {
  const isSameTime =
    Date.parse(startsAt) === Date.parse(visit.starts_at) &&
    Date.parse(endsAt) === Date.parse(visit.ends_at);
  const uid = visit.uids.at(-1);
  return status === visit.status && isSameTime && uid !== undefined && uids?.includes(uid) === true;
}
