import type { LiveSubscriber, SlotwireClient } from "@slotwire/client";

/** For so long the first reading waits until events are listened to, in milliseconds. */
const PATIENCE = 1_500;

/**
 * Follows events, and has something read that they keep true from then on: as soon as they are listened to, so
 * that nothing lies between the two and one reading is enough. Where they cannot be had for now it is read
 * at once, and again when they can; and again when another reader's log begins.
 * @returns a function that ends it
 */
export function readBesideEvents(
  { live }: SlotwireClient,
  subscriber: Omit<LiveSubscriber, "onStart">,
  read: () => void,
): () => void {
  let isListening = false;
  let isRead = false;
  let hasStarted = false;
  const listen = (): void => {
    clearTimeout(timer);
    if (isListening) return;
    isListening = true;
    read();
  };
  const start = (): void => {
    if (hasStarted) isListening = false;
    hasStarted = true;
    listen();
  };
  const readAnyway = (): void => {
    if (isListening || isRead) return;
    isRead = true;
    read();
  };
  const look = (): void => {
    const { status } = live.state;
    if (status === "offline" || status === "denied" || status === "reconnecting") readAnyway();
  };
  const { status } = live.state;
  // What has no filter is handed out from here on. Not at once: StrictMode takes back what it mounts first.
  const isUp = status === "live" || status === "polling";
  const isAtOnce = isUp && subscriber.filter === undefined;
  const timer = setTimeout(isAtOnce ? listen : readAnyway, isAtOnce ? 0 : PATIENCE);
  const ends = [live.subscribe({ ...subscriber, onStart: start }), live.watch(look)];
  look();
  return () => {
    // Nothing is read any more by what is over.
    isListening = true;
    clearTimeout(timer);
    for (const end of ends) end();
  };
}
