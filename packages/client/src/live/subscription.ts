import type { BookingEvent, StreamGap } from "@slotwire/contract";
import { type ApiError, isRefusal } from "../api-error.ts";
import type { Query } from "../transport.ts";
import {
  type EventFilter,
  type FilterMeaning,
  filterQuery,
  inLowerCase,
  isNarrow,
  passes,
} from "./event-filter.ts";
import type { LogPage } from "./read-page.ts";
import type { BookingEventStream, StreamListener } from "./stream-booking-events.ts";
import type { Leap, Stretch } from "./stretch.ts";
import { tell } from "../tell.ts";

/** Who follows events on the shared connection. */
export interface LiveSubscriber {
  /** All events of the organisation, when absent. */
  readonly filter?: EventFilter | undefined;
  /** Begin behind this position of the log. */
  readonly after?: number | undefined;
  /**
   * Begin with so many of the newest events that pass the filter, 200 at most: without `after`, and
   * when another reader's log begins, where that means nothing.
   */
  readonly recent?: number | undefined;
  /**
   * Called once, before any event, and again behind `onGap` when another reader's log begins: the recent
   * ones, oldest first, and the position that they lead up to. Without it they come through `onEvent`.
   */
  readonly onStart?: ((events: readonly BookingEvent[], position: number) => void) | undefined;
  /** Called once per event, in the order of the log. */
  readonly onEvent?: ((event: BookingEvent) => void) | undefined;
  /** The log could not go on behind the last position: reload what is shown. */
  readonly onGap?: ((gap: StreamGap) => void) | undefined;
  /** There was no connection for five seconds; again when it is lost after it was there. */
  readonly onLostConnection?: (() => void) | undefined;
  /**
   * The hub refuses the filter or the position, and nothing will come: `error.problem.remedy` says what
   * to do. Who is refused altogether hears of it by the state `denied`.
   */
  readonly onError?: ((error: ApiError) => void) | undefined;
}

/** What a subscription needs of the feed that it belongs to. */
export interface SubscriptionHost {
  readonly page: (query: Query, signal: AbortSignal) => Promise<LogPage>;
  readonly isUp: () => boolean;
  /** Waits after so many failures, or until the connection is back. */
  readonly pause: (failures: number, failure: unknown, signal: AbortSignal) => Promise<void>;
  readonly stream: (options: StreamListener) => BookingEventStream;
}

/** One subscription. It hands out what passes its filter, from its own position on, once. */
export interface Subscription {
  readonly subscriber: LiveSubscriber;
  /** The next piece of the log. What lies between it and the last one is asked for. */
  readonly take: (stretch: Stretch) => void;
  readonly leap: (leap: Leap) => void;
  /** Asks for nothing more, until it is started: the connection is closed. */
  readonly rest: () => void;
  /** Goes on where it is, or begins. */
  readonly start: () => void;
  readonly close: () => void;
}

/** How many pieces of the log are held back while a page is on its way. */
const MOST_HELD = 1000;

/** Makes a subscription, which begins by itself. */
export function createSubscription(
  subscriber: LiveSubscriber,
  host: SubscriptionHost,
): Subscription {
  const { recent, onStart, onEvent, onGap, onError } = subscriber;
  let { after } = subscriber;
  const filter = inLowerCase(subscriber.filter);
  const filterOfHub = filterQuery(filter);
  /** Whether the hub has to say what the filter means before events can be matched here. */
  const isAboutPeople = (filter.userId ?? filter.provider) !== undefined;
  let meaning: FilterMeaning = { emails: [], userId: filter.userId };
  /** Null until it has begun. */
  let position: number | null = null;
  /** What came while a page was on its way; null while none is. */
  let held: Stretch[] | null = null;
  let loading = new AbortController();
  let isClosed = false;
  let own: BookingEventStream | null = null;
  /** In a row. */
  let failures = 0;

  const begin = (events: readonly BookingEvent[], at: number): void => {
    position = at;
    tell(onStart, events, at);
  };
  const handOut = (events: readonly BookingEvent[], to: number): void => {
    for (const event of events) {
      // A listener may unsubscribe in the middle.
      if (isClosed || event.seq <= (position ?? 0)) continue;
      position = event.seq;
      tell(onEvent, event);
    }
    position = Math.max(position ?? 0, to);
  };
  const take = (stretch: Stretch): void => {
    const { from, to, events } = stretch;
    if (own !== null || isClosed) return;
    if (held !== null) {
      // What is dropped leaves a hole, which the next page closes.
      if (held.push(stretch) > MOST_HELD) held = [{ ...stretch, from: to, events: [] }];
      return;
    }
    if (position === null) begin([], from);
    // Who hears of no events misses none.
    if (from > Number(position) && onEvent !== undefined) void load({ after: position }, [stretch]);
    else
      handOut(
        events.filter((event) => passes(filter, meaning, event)),
        to,
      );
  };
  const takePage = ({ data, gap, position: to }: LogPage): void => {
    if (position === null) {
      if (after === undefined && onStart !== undefined) begin(data, to);
      else begin([], after ?? 0);
    }
    // A listener may have unsubscribed.
    if (gap !== null && !isClosed) {
      position = 0;
      tell(onGap, gap);
    }
    handOut(data, to);
  };
  const rest = (): void => {
    loading.abort();
    own?.close();
    own = null;
    held = null;
  };
  const close = (): void => {
    isClosed = true;
    rest();
  };
  /** Waits until it makes sense to ask again. @returns whether it ever does */
  const mayAskAgain = async (failure: unknown): Promise<boolean> => {
    const { signal } = loading;
    // A 403 is about who asks while the connection is refused as well, and a 401 always.
    if (isRefusal(failure) && failure.status !== 401 && (failure.status !== 403 || host.isUp())) {
      close();
      tell(onError, failure);
    } else await host.pause((failures += 1), failure, signal);
    return !signal.aborted;
  };
  /** The hub alone can tell the events apart: what they show here is masked. */
  const followAlone = (whose: string | null): void => {
    own = host.stream({
      filter,
      after: position,
      whose,
      onEvent,
      onStretch: ({ to }) => (position = to),
      onLeap: leap,
      onError: (error) => void retryOwn(error),
    });
  };
  const retryOwn = async (failure: ApiError): Promise<void> => {
    if (await mayAskAgain(failure)) own?.retry();
  };
  /** Takes one page. @returns whether there is more to ask for */
  const readOn = async (query: Query, signal: AbortSignal): Promise<boolean> => {
    const page = await host.page({ ...filterOfHub, ...query }, signal);
    if (signal.aborted) return false;
    failures = 0;
    meaning = { emails: page.provider_emails ?? [], userId: page.user_id };
    takePage(page);
    if (signal.aborted) return false;
    // The addresses of a user and of another provider cannot be told apart.
    const areTwo = (filter.userId && filter.provider) !== undefined;
    // Without addresses, there are none, or they are not shown to this reader.
    const isUnclear = meaning.emails.length === 0 || areTwo;
    if (isAboutPeople && isUnclear) followAlone(page.whose);
    else if (page.more) return true;
    const waiting = held ?? [];
    held = null;
    for (const stretch of waiting) take(stretch);
    return false;
  };
  const load = async (query: Query, waiting: Stretch[] = []): Promise<void> => {
    held = waiting;
    const { signal } = (loading = new AbortController());
    let next = query;
    let hasMore = true;
    while (hasMore) {
      try {
        hasMore = await readOn(next, signal);
        next = { after: position };
      } catch (error) {
        if (signal.aborted || !(await mayAskAgain(error))) return;
      }
    }
  };
  const start = (): void => {
    const from = position ?? after;
    // Whether it takes the filter, too, is the hub's to say.
    if (!isClosed && isNarrow({ ...filterOfHub, from, recent }))
      void load(from === undefined ? { recent: recent ?? 0 } : { after: from });
  };
  const leap = ({ gap, position: to }: Leap): void => {
    if (isClosed) return;
    rest();
    // Whoever wants to begin behind a position has something of the former reader's.
    if (position !== null || (to === null && after !== undefined)) {
      position = to;
      if (to === null) after = undefined;
      tell(onGap, gap);
    }
    start();
  };
  start();

  return {
    subscriber,
    take,
    leap(found) {
      // Where it is in the same log, a stream of its own knows itself.
      if (own === null || found.position === null) leap(found);
    },
    rest,
    start,
    close,
  };
}
