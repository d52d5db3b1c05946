import type { EventFilter, SlotwireClient } from "@slotwire/client";
import type { BookingEvent, StreamGap } from "@slotwire/contract";
import { type Connection, createLiveStore } from "./live-store.ts";

export interface FeedOptions {
  /** False stops following, and keeps what is shown and the position; true goes on there. */
  readonly enabled?: boolean;
  /** How many events are kept: from 1 to 1,000; 50 when absent. */
  readonly maxEvents?: number;
  /**
   * Where to begin: `now`, or behind a position of the log, which may be a former `lastEventId`. Behind
   * the newest of `initialEvents` when absent. Only the first value counts.
   */
  readonly since?: number | string;
  /** Begin with so many of the newest events; 200 at most. */
  readonly recent?: number;
  /**
   * Events to begin with, newest first: those that a server has rendered. A hook that goes on to another
   * part of the log takes none of them, unless it is given others.
   */
  readonly initialEvents?: readonly BookingEvent[] | undefined;
  /** Milliseconds in which news are collected before they are shown. At once when absent. */
  readonly debounceMs?: number;
  /** Called once per event that is news, in the order of the log. */
  readonly onEvent?: (event: BookingEvent) => void;
  /** Events are missing that can no longer be had: reload what is shown. */
  readonly onGap?: (gap: StreamGap) => void;
  /** There was no connection for five seconds. */
  readonly onLostConnection?: () => void;
}

/** What every hook of events gives. */
export interface UseBookingEventsResult<Event = BookingEvent> extends Connection {
  /** Newest first. Stays as it is while the connection is away; empty when nobody is signed in any more. */
  readonly events: readonly Event[];
  readonly clearEvents: () => void;
  /** The seq of the last event, as text; null before the first one. */
  readonly lastEventId: string | null;
  /** Whether events are missing that can no longer be had. `clearEvents` forgets it. */
  readonly hasGap: boolean;
  readonly isPaused: boolean;
  /** Connects anew at once, also after `denied`, and asks again for what was refused. */
  readonly retry: () => void;
  /** Stops following. The position is kept. */
  readonly pause: () => void;
  /** Goes on where it was paused: what happened meanwhile comes first. */
  readonly resume: () => void;
}

/** The last events of a part of the log, outside of React. */
export interface EventFeed {
  readonly read: () => UseBookingEventsResult;
  readonly readFirst: () => UseBookingEventsResult;
  readonly watch: (listener: () => void) => () => void;
  /** Takes what the component says now. */
  readonly update: (options: FeedOptions) => void;
}

const USUAL = 50;
const MOST = 1_000;

/**
 * How many events are kept: a whole number from 1 to 1,000.
 * @param wished the nearest of these counts; 50 when it is no number
 */
export function eventsToKeep(wished = USUAL): number {
  return Math.trunc(Math.min(Math.max(wished, 1), MOST)) || USUAL;
}

/** Makes a feed. It follows while somebody watches it. */
export function createEventFeed(
  client: SlotwireClient,
  filter: EventFilter,
  first: FeedOptions,
): EventFeed {
  const { recent, initialEvents = [] } = first;
  let options = first;
  let maxEvents = eventsToKeep(first.maxEvents);
  let events: readonly BookingEvent[] = initialEvents.slice(0, maxEvents);
  let lastEventId: string | null = null;
  let position = positionOf(first);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const show = (): void => {
    clearTimeout(timer);
    timer = undefined;
    store.set({ events, lastEventId });
  };
  /** @param fresh one at least, oldest first */
  const add = (fresh: readonly BookingEvent[]): void => {
    const ids = new Set(fresh.map(({ id }) => id));
    events = [...fresh.toReversed(), ...events.filter(({ id }) => !ids.has(id))].slice(
      0,
      maxEvents,
    );
    lastEventId = `${fresh.at(-1)?.seq}`;
    if (options.debounceMs === undefined) show();
    else timer ??= setTimeout(show, options.debounceMs);
  };
  const clearEvents = (): void => {
    events = [];
    show();
    store.set({ hasGap: false });
  };
  const onGap = (gap: StreamGap): void => {
    const { oldest, newest } = gap;
    // Neither: it is another log, of which nothing was shown.
    if (newest === 0) events = [];
    position = newest === 0 ? null : Math.min(newest, Math.max(position ?? 0, oldest - 1));
    show();
    store.set({ hasGap: true });
    options.onGap?.(gap);
  };
  const follow = (): (() => void) => {
    const unsubscribe = client.live.subscribe({
      filter,
      ...(position === null ? { recent } : { after: position }),
      onStart(found, at) {
        position = at;
        if (found.length > 0) add(found);
      },
      onEvent(event) {
        position = event.seq;
        add([event]);
        options.onEvent?.(event);
      },
      onGap,
      onLostConnection: () => options.onLostConnection?.(),
      onError: (refusal) => store.refuse(refusal),
    });
    return () => {
      unsubscribe();
      show();
    };
  };
  const settle = (): void => store.enable(options.enabled !== false && !store.read().isPaused);
  const pause = (isPaused: boolean): void => {
    store.set({ isPaused });
    settle();
  };
  const store = createLiveStore<Omit<UseBookingEventsResult, keyof Connection>>(
    client,
    {
      events,
      lastEventId,
      hasGap: false,
      isPaused: false,
      retry: () => store.retry(),
      pause: () => pause(true),
      resume: () => pause(false),
      clearEvents,
    },
    follow,
    () => {
      position = null;
      lastEventId = null;
      clearEvents();
    },
  );
  settle();
  return {
    ...store,
    update(next) {
      options = next;
      maxEvents = eventsToKeep(next.maxEvents);
      if (events.length > maxEvents) {
        events = events.slice(0, maxEvents);
        show();
      }
      settle();
    },
  };
}

/** Behind which position it begins; null where it is for the hub to say. */
function positionOf({ since, recent, initialEvents = [] }: FeedOptions): number | null {
  if (since === "now") return null;
  if (since !== undefined) return Number(since);
  return recent === undefined ? (initialEvents[0]?.seq ?? null) : null;
}
