/** What a page or worker offers to be told by; Node has neither. */
interface Wakeable {
  readonly visibilityState?: string;
  addEventListener?(
    type: string,
    listener: (event: { readonly persisted?: boolean }) => void,
    options: { signal: AbortSignal },
  ): void;
}

/**
 * Calls `listener` when the network comes or goes, and when the page comes back: its tab is shown
 * again, or it was restored from the back/forward cache.
 * @param listener is told whether the device has no network
 * @returns a function that stops listening
 */
export function onWakeUp(listener: (isOffline: boolean) => void): () => void {
  const listening = new AbortController();
  const page = (globalThis as { document?: Wakeable }).document;
  const wake = (): void =>
    listener((globalThis as { navigator?: { onLine?: boolean } }).navigator?.onLine === false);
  const scope = globalThis as Wakeable;
  for (const type of ["online", "offline"]) scope.addEventListener?.(type, wake, listening);
  // Every page is shown once when it has been loaded.
  scope.addEventListener?.("pageshow", ({ persisted }) => persisted === true && wake(), listening);
  page?.addEventListener?.(
    "visibilitychange",
    () => page.visibilityState === "hidden" || wake(),
    listening,
  );
  return () => listening.abort();
}
