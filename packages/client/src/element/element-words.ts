import type { LiveStatus } from "../live/live-status.ts";

/** What the element says. */
export interface ElementWords extends Readonly<Record<LiveStatus, string>> {
  readonly title: string;
  readonly empty: string;
  readonly lost: string;
  /** Said in its place when the hub refuses who reads; why comes behind it. */
  readonly refused: string;
  readonly gap: string;
  /** Before a number. */
  readonly several: string;
}

const languages: Readonly<Record<string, ElementWords>> = {
  en: {
    title: "Live events",
    empty: "Nothing has happened yet.",
    lost: "The connection is lost.",
    refused: "No new events come here.",
    gap: "Some events are missing here.",
    several: "New events",
    idle: "Not connected",
    connecting: "Connecting…",
    live: "Live",
    reconnecting: "Reconnecting…",
    polling: "Live, with a delay",
    offline: "Offline",
    denied: "Access denied",
  },
  sv: {
    title: "Händelser just nu",
    empty: "Inget har hänt ännu.",
    lost: "Förbindelsen är bruten.",
    refused: "Här kommer inga nya händelser.",
    gap: "Några händelser saknas här.",
    several: "Nya händelser",
    idle: "Inte ansluten",
    connecting: "Ansluter…",
    live: "Direkt",
    reconnecting: "Ansluter igen…",
    polling: "Direkt, med fördröjning",
    offline: "Offline",
    denied: "Åtkomst nekad",
  },
  da: {
    title: "Hændelser lige nu",
    empty: "Der er ikke sket noget endnu.",
    lost: "Forbindelsen er afbrudt.",
    refused: "Her kommer ingen nye hændelser.",
    gap: "Nogle hændelser mangler her.",
    several: "Nye hændelser",
    idle: "Ikke forbundet",
    connecting: "Forbinder…",
    live: "Live",
    reconnecting: "Forbinder igen…",
    polling: "Live, med forsinkelse",
    offline: "Offline",
    denied: "Adgang nægtet",
  },
  pl: {
    title: "Zdarzenia na żywo",
    empty: "Nic się jeszcze nie wydarzyło.",
    lost: "Połączenie zostało przerwane.",
    refused: "Nowe zdarzenia tu nie przychodzą.",
    gap: "Brakuje tu niektórych zdarzeń.",
    several: "Nowe zdarzenia",
    idle: "Brak połączenia",
    connecting: "Łączenie…",
    live: "Na żywo",
    reconnecting: "Ponowne łączenie…",
    polling: "Na żywo, z opóźnieniem",
    offline: "Offline",
    denied: "Odmowa dostępu",
  },
};

/** The texts of a language, with the tag that dates are written by; English for unknown ones. */
export function wordsOf(language: string): readonly [words: ElementWords, locale: string] {
  const [name = ""] = language.toLowerCase().split("-");
  const { [name]: words, en } = languages;
  // British: 24 hours, the day before the month.
  return words === undefined || name === "en" ? [en as ElementWords, "en-GB"] : [words, name];
}
