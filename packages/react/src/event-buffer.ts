import type { BookingEvent } from "@slotwire/contract";

/** The last events of a component, newest first: as many as it shows, and no more. */
export interface EventBuffer {
  readonly events: readonly BookingEvent[];
  readonly add: (event: BookingEvent) => void;
  readonly clear: () => void;
  readonly resize: (maxEvents: number) => void;
  readonly watch: (listener: () => void) => () => void;
}

/** Makes a buffer. @param initial events to begin with, newest first */
export function createEventBuffer(
  maxEvents: number,
  initial: readonly BookingEvent[] = [],
): EventBuffer {
  const listeners = new Set<() => void>();
  let limit = maxEvents;
  let events: readonly BookingEvent[] = initial.slice(0, limit);
  const replace = (next: readonly BookingEvent[]): void => {
    events = next;
    for (const listener of listeners) listener();
  };
  return {
    get events() {
      return events;
    },
    add: (event) => replace([event, ...events].slice(0, limit)),
    clear: () => replace([]),
    resize(size) {
      limit = size;
      if (events.length > limit) replace(events.slice(0, limit));
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
