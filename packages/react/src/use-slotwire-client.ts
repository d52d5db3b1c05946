"use client";

import { defaultClient, type SlotwireClient } from "@slotwire/client";
import { useContext } from "react";
import { SlotwireContext } from "./slotwire-provider.tsx";

/**
 * The client to use: the one that is given, the nearest provider's, or that of all who name none, which is
 * of the hub that served the page unless `setDefaultClient` has said otherwise.
 */
export function useSlotwireClient(client?: SlotwireClient): SlotwireClient {
  const provided = useContext(SlotwireContext);
  return client ?? provided ?? defaultClient();
}
