"use client";

import type { SlotwireClient } from "@slotwire/client";
import { useContext } from "react";
import { SlotwireContext } from "./slotwire-provider.tsx";

/**
 * The client to use: the one that is given, or the nearest provider's.
 * @throws Error when there is neither
 */
export function useSlotwireClient(client?: SlotwireClient): SlotwireClient {
  const provided = useContext(SlotwireContext);
  const found = client ?? provided;
  if (found === null) throw new Error("Wrap this in a SlotwireProvider, or pass a client.");
  return found;
}
