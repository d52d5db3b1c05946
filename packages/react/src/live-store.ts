import type { ApiError, LiveStatus, SlotwireClient } from "@slotwire/client";
import { isSignedOut, signedOut, tellsSignedOut } from "./signed-out.ts";

/** How the connection stands, as every live hook tells it. */
export interface Connection {
  readonly status: LiveStatus;
  /** Whether news arrive: by the stream, or page by page where that is held back. */
  readonly isConnected: boolean;
  /** Why it is not connected, in words; null while all is well. */
  readonly error: string | null;
  /**
   * Why the hub refuses this part of the log, or all to whoever is not signed in (401), with a code and a
   * remedy; null while it does not.
   */
  readonly refusal: ApiError | null;
  /** When the hub was last heard of: milliseconds of the epoch, in whole seconds. */
  readonly lastSyncedAt: number | null;
}

/** State outside of React that follows the live connection while somebody watches it. */
export interface LiveStore<Own> {
  readonly read: () => Own & Connection;
  /** What a server renders, and a browser until it has taken that over. */
  readonly readFirst: () => Own & Connection;
  readonly watch: (listener: () => void) => () => void;
  readonly set: (change: Partial<Own>) => void;
  /** False lets go of the connection, whoever watches. */
  readonly enable: (isEnabled: boolean) => void;
  /** What it follows is refused, though the connection may stand. */
  readonly refuse: (refusal: ApiError) => void;
  /** Connects anew at once, and follows anew what was refused. */
  readonly retry: () => void;
}

const notConnected: Connection = {
  status: "idle",
  isConnected: false,
  error: null,
  refusal: null,
  lastSyncedAt: null,
};

/**
 * Makes a store. Nothing happens before somebody watches it, so that it can be made while React renders.
 * @param follow begins to follow, and returns how that is ended
 * @param forget drops what is shown: nobody is signed in any more. It is followed anew when somebody is
 */
export function createLiveStore<Own extends object>(
  client: SlotwireClient,
  initial: Own,
  follow: () => () => void,
  forget: () => void,
): LiveStore<Own> {
  const first: Own & Connection = { ...initial, ...notConnected };
  const listeners = new Set<() => void>();
  let state = first;
  let isEnabled = true;
  let end: (() => void) | null = null;
  let unwatch: (() => void) | undefined;
  let refusal: ApiError | null = null;
  let isForgotten = false;

  const set = (change: Partial<Own> | Partial<Connection>): void => {
    const next: Own = { ...state, ...change };
    const keys = Object.keys(change) as (keyof Own)[];
    if (keys.every((key) => next[key] === state[key])) return;
    state = next as typeof state;
    for (const listener of listeners) listener();
  };
  const mirror = (): void => {
    const mustForget = isSignedOut(client) || tellsSignedOut(refusal);
    const wasForgotten = isForgotten;
    // Before anything is dropped: whoever hears of that may come back here at once.
    isForgotten = mustForget;
    if (mustForget && !wasForgotten) forget();
    // Who signs in may be somebody else: it begins as if nothing had been followed.
    const isAnew = wasForgotten && !mustForget;
    if (isAnew && end !== null) {
      leave();
      end = follow();
    }
    set(end === null ? notConnected : connectionOf(client, refusal));
  };
  const leave = (): void => {
    end?.();
    end = null;
    refusal = null;
  };
  const settle = (): void => {
    const isWanted = isEnabled && listeners.size > 0;
    if (!isWanted) leave();
    else end ??= follow();
    mirror();
  };
  return {
    read: () => state,
    readFirst: () => first,
    set,
    watch(listener) {
      const entry = (): void => listener();
      listeners.add(entry);
      unwatch ??= client.live.watch(mirror);
      settle();
      return () => {
        listeners.delete(entry);
        settle();
        if (listeners.size > 0) return;
        unwatch?.();
        unwatch = undefined;
      };
    },
    enable(isNow) {
      isEnabled = isNow;
      settle();
    },
    refuse(found) {
      refusal = found;
      mirror();
    },
    retry() {
      if (refusal !== null) leave();
      settle();
      client.live.retry();
    },
  };
}

/** In whole seconds: what follows a part of the log has no need to be drawn for each byte of the rest. */
function connectionOf(client: SlotwireClient, found: ApiError | null): Connection {
  const { status, error, lastSyncedAt } = client.live.state;
  const refusal = isSignedOut(client) ? signedOut : found;
  return {
    status: refusal === null ? status : "denied",
    isConnected: refusal === null && (status === "live" || status === "polling"),
    error: refusal === null ? error : refusal.message,
    refusal,
    lastSyncedAt: lastSyncedAt === null ? null : Math.floor(lastSyncedAt / 1000) * 1000,
  };
}
