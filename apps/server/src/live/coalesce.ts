/**
 * Wraps work that must not run twice at once. A call while it runs makes it run once more
 * afterwards, however many such calls there were.
 * @returns a function whose promise settles after a run that began later than the call
 */
export function coalesce(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const start = (): Promise<void> => {
    running = work().finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (next !== null) return next;
    if (running === null) return start();
    const startNext = (): Promise<void> => {
      next = null;
      return start();
    };
    // A run that failed is its own callers' business; the next one is due all the same.
    next = running.then(startNext, startNext);
    return next;
  };
}
