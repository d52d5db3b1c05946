"use client";

import type { LiveState, SlotwireClient } from "@slotwire/client";
import { useCallback, useSyncExternalStore } from "react";

/** What a server renders, and a browser until the stream has opened. */
const serverState: LiveState = {
  status: "idle",
  lastSeq: null,
  lastSyncedAt: null,
  error: null,
  gapCount: 0,
};

/**
 * One value of the live connection's state; the component renders again only when that changes.
 * It does not open the connection: that is what following events does.
 * @param select picks a value that is compared by identity, for example `(s) => s.status`
 */
export function useLiveState<Value>(
  client: SlotwireClient,
  select: (state: LiveState) => Value,
): Value {
  const watch = useCallback((listener: () => void) => client.live.watch(listener), [client]);
  return useSyncExternalStore(
    watch,
    () => select(client.live.state),
    () => select(serverState),
  );
}
