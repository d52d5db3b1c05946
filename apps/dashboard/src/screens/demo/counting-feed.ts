import type { LiveFeed, LiveSubscriber } from "@slotwire/client";
import type { BookingEvent } from "@slotwire/contract";

export interface Counter {
  /** A reader begins behind a position: it is told everything from there on. */
  readonly onStart: (position: number) => void;
  readonly onEvent: (event: BookingEvent) => void;
  readonly onGap: () => void;
  /** Told how many read, whenever that changes. */
  readonly onReaders: (readers: number) => void;
}

/** The same feed, with a counter that hears what every subscriber is told. */
export function countingFeed(live: LiveFeed, counter: Counter): LiveFeed {
  let readers = 0;
  const counted = (subscriber: LiveSubscriber): LiveSubscriber => {
    // Who begins behind a position of their own goes on there, until another reader's log begins.
    let goesOn = subscriber.after !== undefined;
    return {
      ...subscriber,
      onStart(events, position) {
        if (!goesOn) counter.onStart(position);
        goesOn = false;
        events.forEach(counter.onEvent);
        subscriber.onStart?.(events, position);
      },
      onEvent(event) {
        counter.onEvent(event);
        subscriber.onEvent?.(event);
      },
      onGap(gap) {
        counter.onGap();
        subscriber.onGap?.(gap);
      },
    };
  };
  const change = (by: number): void => {
    readers += by;
    counter.onReaders(readers);
  };
  return {
    ...live,
    get state() {
      return live.state;
    },
    get subscriptionCount() {
      return live.subscriptionCount;
    },
    subscribe(subscriber) {
      const unsubscribe = live.subscribe(counted(subscriber));
      change(1);
      return () => {
        unsubscribe();
        change(-1);
      };
    },
  };
}
