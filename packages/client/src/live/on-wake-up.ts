/** What a page or worker offers to be told by; Node has neither. */
interface Wakeable {
  readonly visibilityState?: string;
  addEventListener?(type: string, listener: () => void, options: { signal: AbortSignal }): void;
}

/**
 * Calls `listener` when the network comes or goes, and when the page comes back: its tab is shown
 * again, or it was restored from the back/forward cache.
 * @returns a function that stops listening
 */
export function onWakeUp(listener: () => void): () => void {
  const listening = new AbortController();
  const page = (globalThis as { document?: Wakeable }).document;
  const whenShown = (): void => {
    if (page?.visibilityState !== "hidden") listener();
  };
  const scope = globalThis as Wakeable;
  for (const type of ["online", "offline", "pageshow"]) {
    scope.addEventListener?.(type, listener, listening);
  }
  page?.addEventListener?.("visibilitychange", whenShown, listening);
  return () => listening.abort();
}

/** Whether the device itself says that it has no network. */
export function isOffline(): boolean {
  return (globalThis as { navigator?: { onLine?: boolean } }).navigator?.onLine === false;
}
