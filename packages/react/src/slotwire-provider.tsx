"use client";

import type { SlotwireClient } from "@slotwire/client";
import { createContext, type ReactElement, type ReactNode, useContext, useMemo } from "react";
import type { Language } from "./messages/en.ts";
import { SettingsContext } from "./settings-context.ts";

/** The client of the nearest provider; null outside of all. */
export const SlotwireContext = createContext<SlotwireClient | null>(null);

/** Gives all hooks and components below it one client, and with it one live connection. */
export function SlotwireProvider({
  client,
  language,
  timeZone,
  children,
}: {
  readonly client: SlotwireClient;
  /** The texts of another language than English: `pl` of `@slotwire/react/messages/pl`. */
  readonly language?: Language;
  /** IANA name of the zone of all times below it: the organisation's. Asked of the hub when absent. */
  readonly timeZone?: string;
  readonly children?: ReactNode;
}): ReactElement {
  const outer = useContext(SettingsContext);
  const settings = useMemo(
    () => ({ language: language ?? outer.language, timeZone: timeZone ?? outer.timeZone }),
    [outer, language, timeZone],
  );
  return (
    <SlotwireContext.Provider value={client}>
      <SettingsContext.Provider value={settings}>{children}</SettingsContext.Provider>
    </SlotwireContext.Provider>
  );
}
