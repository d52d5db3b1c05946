import type { BookingResource } from "@slotwire/contract";

/** Where something stands among the columns: minutes from the day's first line. */
interface Spot {
  readonly column: number;
  readonly top: number;
  readonly lanes?: number;
}

/** Where a span stands. */
interface Place extends Spot {
  readonly length: number;
  /** Side by side with others of the column at the same time: the how manieth of how many. */
  readonly lane: number;
  readonly lanes: number;
}

interface Line {
  readonly key: string;
  /** By which it has its place in the list, in milliseconds of the epoch. */
  readonly at: number;
}

/** A line of the list, which is a box among the columns as well. */
export type DayItem = Line &
  (
    | {
        readonly kind: "booking";
        readonly booking: BookingResource;
        readonly place: Place;
        /** Whether there is no room for it among the columns: it is a line of the list alone. */
        readonly isHidden: boolean;
      }
    /** A box alone, for those that are hidden at its time. Its key is the first one's id behind a plus sign. */
    | {
        readonly kind: "more";
        readonly count: number;
        readonly place: Place;
      }
    /** Free time of everybody: a line of the list alone. Of one provider: a box alone. */
    | { readonly kind: "gap"; readonly minutes: number; readonly place: Spot | null }
    | {
        readonly kind: "now";
        readonly place: null;
        readonly top: number;
        readonly isWithin: boolean;
      }
  );

export interface DayLayout {
  /** Who works, by name; null for bookings without a provider, which come last. */
  readonly columns: readonly (string | null)[];
  /** By time. */
  readonly items: readonly DayItem[];
  /** The instants of the first and the last line, in milliseconds of the epoch; an hour lies between lines. */
  readonly from: number;
  readonly to: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Shorter gaps are not worth telling, in minutes. */
const LEAST_GAP = 30;
/** The label of a gap needs so much room, in minutes. */
const LABEL = 20;
/** A shorter booking is drawn as long as this, so that it can be read. */
const LEAST_LENGTH = 28 * MINUTE;
/** A day with little in it is drawn as long as this, or until it ends. */
const LEAST_DAY = 5 * HOUR;

/** As many can be read side by side; of more, the last place tells how many there are. */
const MOST_LANES = 4;

/** Whether a booking takes up time. */
export const isStanding = ({ status }: BookingResource): boolean =>
  status !== "cancelled" && status !== "rejected";

export const providerOf = ({ provider }: BookingResource): string | null =>
  provider?.name ?? provider?.email ?? null;

/**
 * Lays out a day as a list by time and as columns, one for each provider.
 * @param bookings at least one
 * @param now milliseconds of the epoch; null when the day is not today
 * @param clockAt what clocks show at an instant, as a number: 930 for 09:30
 */
export function layOutDay(
  bookings: readonly BookingResource[],
  now: number | null,
  clockAt: (instant: number) => number,
): DayLayout {
  const all = bookings.map(spanOf).toSorted((a, b) => a.start - b.start || a.end - b.end);
  const [from, to] = linesOf(all, clockAt);
  const sorted = all.map((span) => ({ ...span, drawn: Math.min(span.drawn, to) }));
  const columns = columnsOf(bookings);
  const items = columns.flatMap((name, column) => {
    const own = sorted.filter(({ booking }) => providerOf(booking) === name);
    return [...bookingsOf(own, column, from), ...gapsOf(own, column, from)];
  });
  items.push(...gapsOf(sorted, null, from));
  if (now !== null) {
    const isWithin = now >= from && now <= to;
    const top = (now - from) / MINUTE;
    items.push({ kind: "now", key: "now", at: now, place: null, top, isWithin });
  }
  return {
    columns,
    items: items.toSorted((a, b) => a.at - b.at),
    from,
    to,
  };
}

interface Span {
  readonly booking: BookingResource;
  readonly start: number;
  readonly end: number;
  /** The end of what is drawn. */
  readonly drawn: number;
}

function spanOf(booking: BookingResource): Span {
  const start = Date.parse(booking.starts_at);
  const end = Date.parse(booking.ends_at);
  return { booking, start, end, drawn: Math.max(end, start + LEAST_LENGTH) };
}

/** The first and the last line, of spans in their order: full hours of one day, except where something begins on the next. */
function linesOf(
  spans: readonly Span[],
  clockAt: (instant: number) => number,
): [from: number, to: number] {
  const first = spans[0]?.start ?? 0;
  const from = first - (clockAt(first) % 100) * MINUTE - (first % MINUTE);
  const end = Math.max(from + LEAST_DAY, ...spans.map(({ drawn }) => drawn));
  let to = from + HOUR;
  while (to < end && (clockAt(to) >= clockAt(to - HOUR) || to <= (spans.at(-1)?.start ?? 0))) {
    to += HOUR;
  }
  return [from, to];
}

function columnsOf(bookings: readonly BookingResource[]): (string | null)[] {
  const byName = (a: string | null, b: string | null): number =>
    Number(a === null) - Number(b === null) || (a ?? "").localeCompare(b ?? "");
  return [...new Set(bookings.map(providerOf))].toSorted(byName);
}

/** Those of one column, side by side where they overlap. */
function bookingsOf(spans: readonly Span[], column: number, from: number): DayItem[] {
  return heapsOf(spans).flatMap((heap) => {
    const busyUntil: number[] = [];
    const inLanes = heap.map((span) => {
      const free = busyUntil.findIndex((until) => until <= span.start);
      const lane = free === -1 ? busyUntil.length : free;
      busyUntil[lane] = span.drawn;
      return { ...span, lane };
    });
    const lanes = Math.min(busyUntil.length, MOST_LANES);
    const last = busyUntil.length > MOST_LANES ? MOST_LANES - 1 : MOST_LANES;
    const placeOf = (lane: number, start: number, end: number): Place => {
      const length = (end - start) / MINUTE;
      return { column, top: (start - from) / MINUTE, length, lane, lanes };
    };
    const hidden = heapsOf(inLanes.filter(({ lane }) => lane >= last));
    return [
      ...hidden.map((crowd): DayItem => {
        const [{ booking, start }] = crowd;
        const place = placeOf(last, start, Math.max(...crowd.map(({ drawn }) => drawn)));
        return { kind: "more", key: `+${booking.id}`, at: start, count: crowd.length, place };
      }),
      ...inLanes.map(({ booking, start, drawn, lane }): DayItem => {
        const place = placeOf(lane, start, drawn);
        return {
          kind: "booking",
          key: booking.id,
          at: start,
          booking,
          place,
          isHidden: lane >= last,
        };
      }),
    ];
  });
}

/** Spans that overlap, directly or through others. */
function heapsOf<One extends Span>(spans: readonly One[]): [One, ...One[]][] {
  const heaps: [One, ...One[]][] = [];
  let until = Number.NEGATIVE_INFINITY;
  for (const span of spans) {
    if (span.start >= until) heaps.push([span]);
    else heaps.at(-1)?.push(span);
    until = Math.max(until, span.drawn);
  }
  return heaps;
}

/**
 * Where nobody of these is busy for long enough.
 * @param column in which they are shown, where nothing is drawn; null for a line of the list
 */
function gapsOf(spans: readonly Span[], column: number | null, from: number): DayItem[] {
  const gaps: DayItem[] = [];
  let until = 0;
  for (const { booking, start, end } of spans) {
    if (!isStanding(booking)) continue;
    const minutes = Math.round((start - until) / MINUTE);
    if (until > 0 && minutes >= LEAST_GAP) {
      const at = column === null ? until : bareFrom(spans, until);
      const place = column === null ? null : { column, top: (at - from) / MINUTE };
      if (at < start)
        gaps.push({ kind: "gap", key: `${column} ${until}`, at: until, minutes, place });
    }
    until = Math.max(until, end);
  }
  return gaps;
}

/** From when on a label stands on nothing: what is cancelled is drawn, and what is short is drawn longer. */
const bareFrom = (spans: readonly Span[], from: number): number =>
  spans.reduce(
    (at, { start, drawn }) => (drawn > at && start < at + LABEL * MINUTE ? drawn : at),
    from,
  );
