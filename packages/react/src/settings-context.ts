"use client";

import { createContext } from "react";
import type { Language } from "./messages/en.ts";

/** What a `SlotwireProvider` says of all components below it. */
export interface Settings {
  /** English when absent. */
  readonly language: Language | undefined;
  /** IANA name of the zone that all times and days are meant in; asked of the hub when absent. */
  readonly timeZone: string | undefined;
}

export const SettingsContext = createContext<Settings>({
  language: undefined,
  timeZone: undefined,
});
