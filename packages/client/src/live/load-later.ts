import { unlessAborted } from "../unless-aborted.ts";
import type * as later from "./loaded-later.ts";

/** How long the network may take, in milliseconds. */
const PATIENCE = 8000;

/** Loads what an open connection needs. @throws Error when it does not come, or not in time */
export function loadLater(signal: AbortSignal): Promise<typeof later> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
  return unlessAborted(import("./loaded-later.ts"), inTime);
}
