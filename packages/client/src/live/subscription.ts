import type { BookingEvent, StreamGap } from "@slotwire/contract";
import { ApiError } from "../api-error.ts";
import type { Query } from "../transport.ts";
import {
  asksForPeople,
  type EventFilter,
  type FilterMeaning,
  filterQuery,
  passes,
} from "./event-filter.ts";
import type { LogPage } from "./read-page.ts";
import type { BookingEventStream, StreamOptions } from "./stream-booking-events.ts";
import type { Leap, Stretch } from "./stretch.ts";
import { tell } from "./tell.ts";

/** Who follows events on the shared connection. */
export interface LiveSubscriber {
  /** All events of the organisation, when absent. */
  readonly filter?: EventFilter | undefined;
  /** Begin behind this position of the log. */
  readonly after?: number | undefined;
  /** Without `after`: begin with so many of the newest events that pass the filter; 200 at most. */
  readonly recent?: number | undefined;
  /**
   * Called once, before any event: the recent ones, oldest first, and the position that they lead
   * up to. Without it they come through `onEvent`.
   */
  readonly onStart?: ((events: readonly BookingEvent[], position: number) => void) | undefined;
  /** Called once per event, in the order of the log. */
  readonly onEvent?: ((event: BookingEvent) => void) | undefined;
  /** The log could not go on behind the last position: reload what is shown. */
  readonly onGap?: ((gap: StreamGap) => void) | undefined;
  /** There was no connection for five seconds; again when it is lost after it was there. */
  readonly onLostConnection?: (() => void) | undefined;
}

/** What a subscription needs of the feed that it belongs to. */
export interface SubscriptionHost {
  readonly page: (query: Query, signal: AbortSignal) => Promise<LogPage>;
  /** The id of the member who asks; null when it is none. */
  readonly me: () => Promise<string | null>;
  readonly isUp: () => boolean;
  /** Waits after so many failures, or until the connection is back. */
  readonly pause: (failures: number, signal: AbortSignal) => Promise<void>;
  readonly stream: (options: StreamOptions) => BookingEventStream;
}

/** One subscription. It hands out what passes its filter, from its own position on, once. */
export interface Subscription {
  readonly subscriber: LiveSubscriber;
  /** The next piece of the log. What lies between it and the last one is asked for. */
  readonly take: (stretch: Stretch) => void;
  readonly leap: (leap: Leap) => void;
  readonly close: () => void;
}

/** How many pieces of the log are held back while a page is on its way. */
const MOST_HELD = 1000;

/** Makes a subscription, which begins by itself. */
export function createSubscription(
  subscriber: LiveSubscriber,
  host: SubscriptionHost,
): Subscription {
  const { filter = {}, after, recent, onStart, onEvent, onGap } = subscriber;
  const isAboutPeople = asksForPeople(filter);
  const beginning = after === undefined ? { recent: recent ?? 0 } : { after };
  let meaning: FilterMeaning = { emails: [], userId: filter.userId };
  let position: number | null = null;
  let hasBegun = false;
  /** What came while a page was on its way; null while none is. */
  let held: Stretch[] | null = null;
  let loading = new AbortController();
  let isClosed = false;
  let own: BookingEventStream | null = null;

  const begin = (events: readonly BookingEvent[], at: number): void => {
    position = at;
    if (hasBegun) return;
    hasBegun = true;
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
    const at = position ?? from;
    begin([], at);
    // Who hears of no events misses none.
    if (from > at && onEvent !== undefined) void load({ after: at }, [stretch]);
    else handOut(events.filter(isWanted), to);
  };
  const isWanted = (event: BookingEvent): boolean => passes(filter, meaning, event);
  const takePage = ({ data, gap, position: to }: LogPage): void => {
    if (!hasBegun) {
      const showsAtOnce = after === undefined && onStart !== undefined;
      begin(showsAtOnce ? data : [], showsAtOnce ? to : (after ?? 0));
    }
    if (gap !== null) {
      position = 0;
      tell(onGap, gap);
    }
    handOut(data, to);
  };
  /** The hub alone can tell the events apart: what they show here is masked. */
  const followAlone = (): void => {
    own = host.stream({ filter, after: position, onEvent, onGap });
  };
  const goOn = (): void => {
    const waiting = held ?? [];
    held = null;
    for (const stretch of waiting) take(stretch);
  };
  /** Takes one page. @returns whether there is more to ask for */
  const readOn = async (query: Query, signal: AbortSignal): Promise<boolean> => {
    const [page, userId] = await Promise.all([
      host.page({ ...filterQuery(filter), ...query }, signal),
      filter.userId === "me" ? host.me() : filter.userId,
    ]);
    if (signal.aborted) return false;
    const emails = page.provider_emails ?? [];
    meaning = { emails, userId };
    takePage(page);
    if (signal.aborted) return false;
    // The addresses of a user and of another provider cannot be told apart.
    const areTwo = filter.userId !== undefined && filter.provider !== undefined;
    // Without addresses, there are none, or they are not shown to this reader.
    const isUnclear = emails.length === 0 || userId === null || areTwo;
    if (isAboutPeople && isUnclear) followAlone();
    else if (page.more) return true;
    else goOn();
    return false;
  };
  const load = async (query: Query, waiting: Stretch[] = []): Promise<void> => {
    held = waiting;
    const { signal } = (loading = new AbortController());
    let next = query;
    let failures = 0;
    let hasMore = true;
    while (hasMore) {
      try {
        hasMore = await readOn(next, signal);
        failures = 0;
        next = { after: position };
      } catch (error) {
        if (signal.aborted) return;
        if (isHopeless(error, host.isUp())) return giveUp();
        failures += 1;
        await host.pause(failures, signal);
      }
    }
  };
  const giveUp = (): void => {
    if (hasBegun) tell(onGap, { oldest: 0, newest: 0 });
    position = null;
    goOn();
  };
  if (isAboutPeople || after !== undefined || recent !== undefined) void load(beginning);

  return {
    subscriber,
    take,
    leap({ gap, position: to }) {
      if (own !== null) return;
      const wasLoading = held !== null;
      loading.abort();
      held = null;
      position = to;
      if (hasBegun) {
        tell(onGap, gap);
        if (isAboutPeople) void load(to === null ? { recent: 0 } : { after: to });
      } else if (wasLoading) void load(beginning);
    },
    close() {
      isClosed = true;
      loading.abort();
      own?.close();
    },
  };
}

/**
 * What the hub will not take however often it is asked.
 * @param isLetIn whether it lets the same reader follow
 */
function isHopeless(error: unknown, isLetIn: boolean): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.status === 403 ? isLetIn : [400, 404, 422].includes(error.status);
}
