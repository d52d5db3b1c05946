"use client";

import { type ReactElement, useSyncExternalStore } from "react";
import { common } from "../messages/en.ts";
import { ownZone } from "../time/use-zone.ts";
import { useWords } from "../use-words.ts";

const never = (): (() => void) => () => {};

/** In which zone times are, where it is not the browser's own; of that a server knows nothing. */
export function ZoneNote({
  zone,
}: {
  readonly zone: string | null | undefined;
}): ReactElement | null {
  const words = useWords("common", common);
  const own = useSyncExternalStore(never, ownZone, () => zone);
  return zone && zone !== own ? <span className="sw-muted">{words.zone(zone)}</span> : null;
}
