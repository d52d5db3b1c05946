import type { BookingEvent, StreamGap } from "@slotwire/contract";
import type { Database } from "../db/database.ts";
import type { EventDetail } from "../domain/views/show-event.ts";
import type { View } from "../domain/views/view.ts";
import { readEvents } from "../ledger/read-events.ts";
import { type EventFacts, factsOf } from "./event-facts.ts";
import type { EventTail } from "./event-tail.ts";
import { type EventFrame, eventFrame } from "./frames.ts";
import { concerns, detailOf } from "./own-frames.ts";
import { bookingsInView, eventsAt, logBounds } from "./queries.ts";
import { isNarrow, type StreamFilter, wants } from "./stream-filter.ts";

/** Who reads an organisation's log, and what they want of it. */
export interface LogReading {
  readonly db: Database;
  /** What the reader is shown. */
  readonly view: View;
  readonly tail: EventTail;
  readonly filter: StreamFilter;
}

/** An event for the reader, and how much of it they are shown. */
export interface ShownFrame {
  readonly frame: EventFrame;
  readonly detail: EventDetail;
}

/** A piece of the log. */
export interface LogBatch {
  readonly shown: readonly ShownFrame[];
  /** Up to where it was read, whatever the reader is shown of it. */
  readonly position: number;
  /** The log does not go on behind the reader's position, but at this batch's. */
  readonly gap: StreamGap | null;
}

/** Whether the reader is shown less than the whole log. */
export function isPartial({ filter, view }: LogReading): boolean {
  return isNarrow(filter) || view.own !== null;
}

/** Whether an event passes the filter and the view. */
export function isFor({ filter, view }: Pick<LogReading, "filter" | "view">, facts: EventFacts) {
  return wants(filter, facts, view) && concerns(view, facts);
}

/**
 * What comes behind a position: from the tail, or from the log itself for a reader that is far behind.
 * @param limit how many events it takes from the log
 */
export async function readBehind(
  reading: LogReading,
  position: number,
  limit: number,
): Promise<LogBatch> {
  const { db, view, tail } = reading;
  const kept = tail.framesAfter(position);
  if (kept !== null) {
    const wanted = kept.filter((frame) => isFor(reading, frame));
    const isTheirs = (id: string): boolean => tail.providerOf(id) === view.own?.providerEmail;
    const shown = shownOf(view, wanted, isTheirs);
    return { shown, position: kept.at(-1)?.seq ?? position, gap: null };
  }
  const events = await readEvents(db, view.orgId, position, limit);
  const next = events[0]?.seq ?? tail.position + 1;
  if (next > position + 1) return gapTo(reading, next - 1);
  return {
    shown: await readShown(reading, events),
    position: events.at(-1)?.seq ?? position,
    gap: null,
  };
}

/** The events at these places of the log, as they are shown to the reader. */
export async function readPlaces(
  reading: LogReading,
  seqs: readonly number[],
): Promise<readonly ShownFrame[]> {
  return readShown(reading, await eventsAt(reading.db, reading.view.orgId, seqs));
}

/**
 * Whether a reader has seen more than there is: the log was restored from an older backup.
 * @returns the gap, or null when all is well
 */
export async function gapBefore(reading: LogReading, position: number): Promise<LogBatch | null> {
  if (position <= reading.tail.position) return null;
  const { newest } = await logBounds(reading.db, reading.view.orgId);
  return position > newest ? gapTo(reading, newest) : null;
}

async function gapTo({ db, view }: LogReading, position: number): Promise<LogBatch> {
  return { shown: [], position, gap: await logBounds(db, view.orgId) };
}

async function readShown(
  reading: LogReading,
  events: readonly BookingEvent[],
): Promise<readonly ShownFrame[]> {
  const { db, view } = reading;
  // Of what nobody is sent no bytes are made.
  const frames = events.filter((event) => isFor(reading, factsOf(event))).map(eventFrame);
  const ids = view.own === null ? [] : frames.map(({ bookingId }) => bookingId);
  const theirs = await bookingsInView(db, view, [...new Set(ids)]);
  return shownOf(view, frames, (id) => theirs.has(id));
}

function shownOf(
  view: View,
  frames: readonly EventFrame[],
  isTheirs: (bookingId: string) => boolean,
): ShownFrame[] {
  return frames.flatMap((frame) => {
    const detail = detailOf(view, frame, isTheirs);
    return detail === null ? [] : [{ frame, detail }];
  });
}
