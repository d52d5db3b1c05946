import { useSyncExternalStore } from "react";

const step = 10_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => listeners.forEach((call) => call()), step);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const currentStep = () => Math.floor(Date.now() / step) * step;

/** The time in milliseconds since the epoch, in steps of ten seconds; one timer for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, currentStep, currentStep);
}
