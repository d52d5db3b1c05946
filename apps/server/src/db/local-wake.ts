import type { Wake, WakeTopic } from "./wake.ts";

/**
 * Wakes the listeners of this process. They run on a microtask, so that the caller of `signal`
 * is done first, and once for all signals of a topic until then.
 */
export function createLocalWake(): Wake {
  const listeners = new Map<WakeTopic, Set<() => void>>();
  const signalled = new Set<WakeTopic>();

  const dispatch = (topic: WakeTopic): void => {
    signalled.delete(topic);
    // Each on a microtask of its own: one that throws does not keep the others asleep.
    for (const listener of listeners.get(topic) ?? []) queueMicrotask(listener);
  };

  return {
    signal(topic) {
      if (signalled.has(topic)) return;
      signalled.add(topic);
      queueMicrotask(() => dispatch(topic));
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
      for (const ofTopic of listeners.values()) ofTopic.clear();
      return Promise.resolve();
    },
  };
}
