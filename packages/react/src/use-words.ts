"use client";

import { useContext } from "react";
import type { Language } from "./messages/en.ts";
import { SettingsContext } from "./settings-context.ts";

type Part = Exclude<keyof Language, "locale">;

/** Some of a component's texts, in place of its language's. */
export type Labels<Name extends Part> = {
  readonly [Key in keyof Language[Name]]?: Language[Name][Key];
};

/**
 * The texts of one component in the provider's language.
 * @param english what is used without one; the component imports it itself, so that a page has only
 *   the texts of what it shows
 * @param labels texts that go before both
 */
export function useWords<Name extends Part>(
  name: Name,
  english: Language[Name],
  labels?: Labels<Name>,
): Language[Name] {
  const { language } = useContext(SettingsContext);
  return { ...(language?.[name] ?? english), ...labels };
}

/** The BCP 47 tag by which numbers and times are written; of British English without a language. */
export function useLocale(): string {
  return useContext(SettingsContext).language?.locale ?? "en-GB";
}
