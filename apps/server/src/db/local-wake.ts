import type { Wake, WakeTopic } from "./wake.ts";

/** Time between two wake-ups by the same topic, in milliseconds: a stream writes once in it. */
const SPACING = 10;

/**
 * Wakes the listeners of this process. The first signal of a topic wakes them on a microtask, so
 * that the caller of `signal` is done first; what is signalled within `spacing` milliseconds after
 * that wakes them once, at its end. So a lone event travels at once, and under load a hundred
 * streams and the deliveries are not woken for each event by itself.
 */
export function createLocalWake(spacing = SPACING): Wake {
  const listeners = new Map<WakeTopic, Set<() => void>>();
  const signalled = new Set<WakeTopic>();
  const resting = new Map<WakeTopic, NodeJS.Timeout>();

  const rest = (topic: WakeTopic): void => {
    if (spacing === 0) return;
    const timer = setTimeout(() => {
      resting.delete(topic);
      if (signalled.has(topic)) dispatch(topic);
    }, spacing);
    resting.set(topic, timer);
  };

  const dispatch = (topic: WakeTopic): void => {
    signalled.delete(topic);
    rest(topic);
    // Each on a microtask of its own: one that throws does not keep the others asleep.
    for (const listener of listeners.get(topic) ?? []) queueMicrotask(listener);
  };

  return {
    signal(topic) {
      if (signalled.has(topic)) return;
      signalled.add(topic);
      if (!resting.has(topic)) queueMicrotask(() => dispatch(topic));
    },
    on(topic, listener) {
      const ofTopic = listeners.get(topic) ?? new Set();
      listeners.set(topic, ofTopic);
      // A wrapper of its own: the same function may listen twice.
      const entry = (): void => {
        if (ofTopic.has(entry)) listener();
      };
      ofTopic.add(entry);
      return () => void ofTopic.delete(entry);
    },
    close() {
      for (const timer of resting.values()) clearTimeout(timer);
      resting.clear();
      for (const ofTopic of listeners.values()) ofTopic.clear();
      return Promise.resolve();
    },
  };
}
