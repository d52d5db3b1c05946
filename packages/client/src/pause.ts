/** Waits for so many milliseconds, which may be Infinity, or until `signal` is aborted. Never rejects. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    // A timer of more than 24 days is over at once.
    const timer = milliseconds < Infinity ? setTimeout(done, milliseconds) : undefined;
    signal.addEventListener("abort", done);
  });
}
