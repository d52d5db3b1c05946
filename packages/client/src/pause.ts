/** Timers take no longer time, and one that is given it is over at once: 24 days. */
const LONGEST = 2 ** 31 - 1;

/** Waits for so many milliseconds, or until `signal` is aborted. Never rejects. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(milliseconds, LONGEST));
    signal.addEventListener("abort", done);
  });
}
