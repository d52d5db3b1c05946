"use client";

import { useCallback, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
/** Where the browser keeps nothing, it is kept for as long as the page is there. */
const kept = new Map<string, boolean>();

function read(key: string): boolean {
  try {
    return localStorage.getItem(key) === "1";
  } catch {
    return kept.get(key) === true;
  }
}

function write(key: string, isMuted: boolean): void {
  kept.set(key, isMuted);
  try {
    localStorage.setItem(key, isMuted ? "1" : "0");
  } catch {
    // A page in a frame may not be let.
  }
  for (const listener of listeners) listener();
}

function watch(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("storage", listener);
  };
}

/** Whether a user wants no messages in this browser. It is remembered. */
export function useMuted(userId: string | null | undefined): [boolean, (isMuted: boolean) => void] {
  const key = `slotwire-muted:${userId ?? ""}`;
  const isMuted = useSyncExternalStore(
    watch,
    () => read(key),
    () => false,
  );
  return [isMuted, useCallback((next) => write(key, next), [key])];
}
