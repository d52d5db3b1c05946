import { factsOf, type EventSketch } from "./event-facts.ts";
import { isFor, type LogReading } from "./log-reading.ts";
import { newestSketches, newestSketchesOf } from "./queries.ts";
import { bookingsOf } from "./stream-filter.ts";

/** Where a reader begins. */
export interface LogStart {
  /** What comes behind this seq is sent. */
  readonly position: number;
  /** Whether the reader named the position. */
  readonly isNamed: boolean;
  /** Places of the log up to the position, ascending, that are sent before; null for no such wish. */
  readonly recent: readonly number[] | null;
}

/** So many of the newest events are looked through for recent ones. */
const LOOK_BACK = 10_000;
/** Of the bookings that a filter names, so many of each. */
const LOOK_BACK_OF_BOOKING = 1000;
/** How many of them are read at once, at most. */
const LARGEST_PAGE = 2000;

/**
 * Finds where a reader begins: at the position that it names, or now, with so many of the newest
 * events that pass its filter and view. Now is settled before they are looked for, and they lie at or
 * before it: what is committed meanwhile follows it.
 * @param recent how many of them; fewer when no more are among the newest 10,000 events of the log, or
 *   1,000 of each booking that the filter names
 */
export async function findStart(
  reading: LogReading,
  named: number | null,
  recent: number,
): Promise<LogStart> {
  const position = named ?? reading.tail.position;
  if (named !== null || recent === 0) return { position, isNamed: named !== null, recent: null };
  const ids = bookingsOf(reading.filter);
  const found = await (ids === null
    ? walkBack(reading, position, recent)
    : lookUp(reading, position, ids));
  return { position, isNamed: false, recent: found.slice(0, recent).toReversed() };
}

/** Walks the log backwards, in pages that grow while too little is found. */
async function walkBack(reading: LogReading, position: number, count: number): Promise<number[]> {
  const above = Math.max(0, position - LOOK_BACK);
  const found: number[] = [];
  let upTo = position;
  let limit = count;
  while (found.length < count && upTo > above) {
    const page = await newestSketches(reading.db, reading.view.orgId, { above, upTo, limit });
    found.push(...placesFor(reading, page));
    upTo = (page.at(-1)?.seq ?? 0) - 1;
    limit = Math.min(limit * 4, LARGEST_PAGE);
  }
  return found;
}

async function lookUp(
  reading: LogReading,
  upTo: number,
  bookingIds: readonly string[],
): Promise<number[]> {
  const span = { upTo, limit: LOOK_BACK, each: LOOK_BACK_OF_BOOKING };
  const found = await newestSketchesOf(reading.db, reading.view.orgId, bookingIds, span);
  return placesFor(reading, found);
}

function placesFor(reading: LogReading, sketches: readonly EventSketch[]): number[] {
  return sketches
    .map(factsOf)
    .filter((facts) => isFor(reading, facts))
    .map(({ seq }) => seq);
}
