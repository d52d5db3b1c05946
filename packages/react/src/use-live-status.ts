"use client";

import type { LiveStatus, SlotwireClient } from "@slotwire/client";
import { useEffect } from "react";
import { useLiveState } from "./use-live-state.ts";
import { useSlotwireClient } from "./use-slotwire-client.ts";

/**
 * How the live connection stands. It keeps the connection open while the component is mounted, so
 * that what it says is about something.
 */
export function useLiveStatus(client?: SlotwireClient): LiveStatus {
  const used = useSlotwireClient(client);
  useEffect(() => used.live.subscribe({}), [used]);
  return useLiveState(used, (state) => state.status);
}
