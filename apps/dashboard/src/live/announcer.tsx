import { useState, useSyncExternalStore } from "react";
import { t } from "../messages/messages.ts";

/** Screen readers are told at most this often, in milliseconds. */
const pause = 3_000;

let said = "";
let waiting: string[] = [];
let answers: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/** Says that a booking changed, to those who cannot see it; several at once become a number. */
export function announce(description: string): void {
  waiting.push(description);
  timer ??= setTimeout(speak, 0);
}

/** Says what became of what one has just done: at once, and whatever bookings do meanwhile. */
export function say(answer: string): void {
  answers.push(answer);
  clearTimeout(timer);
  timer = setTimeout(speak, 0);
}

function speak(): void {
  timer = undefined;
  const next = [...answers, ...changes()].join(" ");
  [waiting, answers] = [[], []];
  if (next === "") return;
  // The same once more is read out only when the text is another.
  said = next === said ? `${next}\u00a0` : next;
  listeners.forEach((listener) => listener());
  timer = setTimeout(speak, pause);
}

function changes(): string[] {
  const [one] = waiting;
  if (one === undefined) return [];
  return [waiting.length === 1 ? t.live.announceOne(one) : t.live.announceMany(waiting.length)];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The page's only live region; an open dialog has one of its own, as all else is silent then. */
export function Announcer() {
  const text = useSyncExternalStore(subscribe, () => said);
  // What was said before it was there is over.
  const [before] = useState(text);
  return (
    <output aria-live="polite" className="sr-only">
      {text === before ? "" : text}
    </output>
  );
}
