/** What a page or worker offers to be told by; Node has neither. */
interface Wakeable {
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
}

/**
 * Calls `listener` when the network comes or goes, and when the page comes back: its tab is shown
 * again, or it was restored from the back/forward cache.
 * @returns a function that stops listening
 */
export function onWakeUp(listener: () => void): () => void {
  const page = (globalThis as { document?: Wakeable & { visibilityState: string } }).document;
  const whenShown = (): void => {
    if (page?.visibilityState === "visible") listener();
  };
  const scope = globalThis as Wakeable;
  scope.addEventListener?.("online", listener);
  scope.addEventListener?.("offline", listener);
  scope.addEventListener?.("pageshow", listener);
  page?.addEventListener?.("visibilitychange", whenShown);
  return () => {
    scope.removeEventListener?.("online", listener);
    scope.removeEventListener?.("offline", listener);
    scope.removeEventListener?.("pageshow", listener);
    page?.removeEventListener?.("visibilitychange", whenShown);
  };
}

/** Whether the device itself says that it has no network. */
export function isOffline(): boolean {
  return (globalThis as { navigator?: { onLine?: boolean } }).navigator?.onLine === false;
}
