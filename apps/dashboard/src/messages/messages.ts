import { en } from "./en.ts";

/** Every text of the dashboard. Another language is a catalogue that satisfies this type. */
export type Messages = typeof en;

/** Locale of numbers, dates and words. */
export const locale = "en-GB";

/** The texts in use. */
export const t: Messages = en;
