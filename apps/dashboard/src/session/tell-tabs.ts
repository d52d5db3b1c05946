const NAME = "slotwire-session";

/** Tells the browser's other tabs that somebody is signed in here. */
export function tellTabs(): void {
  const channel = new BroadcastChannel(NAME);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is no window
  channel.postMessage(null);
  channel.close();
}

/**
 * Hears of it.
 * @returns ends that
 */
export function hearOfTabs(onSignedIn: () => void): () => void {
  const channel = new BroadcastChannel(NAME);
  channel.addEventListener("message", onSignedIn);
  return () => channel.close();
}
