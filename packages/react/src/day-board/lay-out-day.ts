import type { BookingResource } from "@slotwire/contract";

/** Where a span of the day stands among the columns: minutes from the day's first line. */
export interface Place {
  readonly column: number;
  readonly top: number;
  readonly length: number;
  /** Side by side with others of the column at the same time: the how manieth of how many. */
  readonly lane: number;
  readonly lanes: number;
}

/** A line of the list, which is a box among the columns as well. */
export type DayItem =
  | { readonly kind: "booking"; readonly booking: BookingResource; readonly place: Place }
  /** Free time of everybody: a line of the list alone. Of one provider: a box alone. */
  | {
      readonly kind: "gap";
      readonly key: string;
      readonly minutes: number;
      readonly place: Place | null;
    }
  | { readonly kind: "now"; readonly top: number; readonly isWithin: boolean };

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
/** A shorter booking is drawn as long as this, so that it can be read. */
const LEAST_LENGTH = 28 * MINUTE;
/** A day with little in it is drawn as long as this. */
const LEAST_DAY = 5 * HOUR;

/** Whether a booking takes up time. */
export const isStanding = ({ status }: BookingResource): boolean =>
  status !== "cancelled" && status !== "rejected";

export const providerOf = ({ provider }: BookingResource): string | null =>
  provider?.name ?? provider?.email ?? null;

/**
 * Lays out a day as a list by time and as columns, one for each provider.
 * @param bookings at least one
 * @param now milliseconds of the epoch; null when the day is not today
 * @param minutesPast how many minutes of an hour have passed on clocks at an instant
 */
export function layOutDay(
  bookings: readonly BookingResource[],
  now: number | null,
  minutesPast: (instant: number) => number,
): DayLayout {
  const sorted = bookings.map(spanOf).toSorted((a, b) => a.start - b.start || a.end - b.end);
  const first = Math.min(...sorted.map(({ start }) => start));
  const from = first - minutesPast(first) * MINUTE - (first % MINUTE);
  const last = Math.max(from + LEAST_DAY, ...sorted.map(({ drawn }) => drawn));
  const to = from + Math.ceil((last - from) / HOUR) * HOUR;
  const columns = columnsOf(bookings);
  const items = columns.flatMap((name, column) => {
    const own = sorted.filter(({ booking }) => providerOf(booking) === name);
    return [...bookingsOf(own, column, from), ...ownGaps(own, column, from)];
  });
  const top = now === null ? 0 : (now - from) / MINUTE;
  const line = { kind: "now", top, isWithin: now !== null && now >= from && now <= to } as const;
  const all: Timed[] = [
    ...items,
    ...gapsIn(sorted).map(([at, minutes]): Timed => [
      at,
      { kind: "gap", key: `${at}`, minutes, place: null },
    ]),
    ...(now === null ? [] : [[now, line] as Timed]),
  ];
  return { columns, items: all.toSorted((a, b) => a[0] - b[0]).map(([, item]) => item), from, to };
}

type Timed = readonly [at: number, item: DayItem];

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

function columnsOf(bookings: readonly BookingResource[]): (string | null)[] {
  const names = new Set(bookings.map(providerOf));
  const known = [...names].filter((name) => name !== null);
  const sorted = known.toSorted((a, b) => a.localeCompare(b));
  return names.has(null) ? [...sorted, null] : sorted;
}

/** Those of one column, side by side where they overlap. */
function bookingsOf(spans: readonly Span[], column: number, from: number): Timed[] {
  return heapsOf(spans).flatMap((heap) => {
    const busyUntil: number[] = [];
    const lanes = heap.map(({ start, drawn }) => {
      const free = busyUntil.findIndex((until) => until <= start);
      const lane = free === -1 ? busyUntil.length : free;
      busyUntil[lane] = drawn;
      return lane;
    });
    return heap.map(({ booking, start, drawn }, index): Timed => {
      const place = {
        column,
        top: (start - from) / MINUTE,
        length: (drawn - start) / MINUTE,
        lane: lanes[index] ?? 0,
        lanes: busyUntil.length,
      };
      return [start, { kind: "booking", booking, place }];
    });
  });
}

/** Spans that overlap, directly or through others. */
function heapsOf(spans: readonly Span[]): Span[][] {
  const heaps: Span[][] = [];
  let until = Number.NEGATIVE_INFINITY;
  for (const span of spans) {
    if (span.start >= until) heaps.push([]);
    heaps.at(-1)?.push(span);
    until = Math.max(until, span.drawn);
  }
  return heaps;
}

function ownGaps(spans: readonly Span[], column: number, from: number): Timed[] {
  return gapsIn(spans).map(([at, minutes]) => {
    const place = { column, top: (at - from) / MINUTE, length: minutes, lane: 0, lanes: 1 };
    return [at, { kind: "gap", key: `${column} ${at}`, minutes, place }];
  });
}

/** Where nobody of these is busy for long enough: since when and for how many minutes. */
function gapsIn(spans: readonly Span[]): [at: number, minutes: number][] {
  const gaps: [number, number][] = [];
  let until: number | null = null;
  for (const { booking, start, end } of spans) {
    if (!isStanding(booking)) continue;
    const minutes = until === null ? 0 : Math.round((start - until) / MINUTE);
    if (until !== null && minutes >= LEAST_GAP) gaps.push([until, minutes]);
    until = Math.max(until ?? 0, end);
  }
  return gaps;
}
