import { useSyncExternalStore } from "react";
import { t } from "../messages/messages.ts";

/** Screen readers are told at most this often, in milliseconds. */
const pause = 3_000;

let said = "";
let waiting: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/** Says that a booking changed, to those who cannot see it; several at once become a number. */
export function announce(description: string): void {
  waiting.push(description);
  timer ??= setTimeout(speak, 0);
}

function speak(): void {
  timer = undefined;
  if (waiting.length === 0) return;
  said =
    waiting.length === 1
      ? t.live.announceOne(waiting[0] ?? "")
      : t.live.announceMany(waiting.length);
  waiting = [];
  listeners.forEach((listener) => listener());
  timer = setTimeout(speak, pause);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The page's only live region. */
export function Announcer() {
  const text = useSyncExternalStore(subscribe, () => said);
  return (
    <output aria-live="polite" className="sr-only">
      {text}
    </output>
  );
}
