"use client";

import type { SlotwireClient } from "@slotwire/client";
import { useState, useSyncExternalStore } from "react";

interface Store<State> {
  readonly read: () => State;
  readonly readFirst: () => State;
  readonly watch: (listener: () => void) => () => void;
}

/**
 * Keeps a store for as long as client and key are the same.
 * @param make makes one, the first of this component or a later one; it must not do anything beside that
 */
export function useStore<State, Kept extends Store<State>>(
  make: (isFirst: boolean) => Kept,
  client: SlotwireClient,
  key: string,
): Kept {
  // Made with the state: React 18 hydrates nothing in a rendering that sets a state.
  const [kept, keep] = useState(() => ({ client, key, store: make(true) }));
  if (kept.client === client && kept.key === key) return kept.store;
  const next = { client, key, store: make(false) };
  keep(next);
  return next.store;
}

/** What is in a store now. */
export const useStored = <State>({ watch, read, readFirst }: Store<State>): State =>
  useSyncExternalStore(watch, read, readFirst);
