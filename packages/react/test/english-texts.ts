/** Finds texts of the English catalogue among those of another language. */
import { en, type Language } from "../src/messages/en.ts";

type Text = string | ((...args: never[]) => string);

/** What the hub or English alone says. */
const special = [
  "locale",
  "common.refused",
  "common.errors",
  "events.describe",
  "events.denied",
  "events.columns",
];

function textsOf(value: object, path = ""): [path: string, text: Text][] {
  return Object.entries(value).flatMap(([key, entry]: [string, unknown]) => {
    const at = `${path}${key}`;
    if (special.includes(at) || entry === null) return [];
    return typeof entry === "object" ? textsOf(entry, `${at}.`) : [[at, entry as Text]];
  });
}

const mark = "‹›";
const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** All that a text can become. Texts of numbers have two forms. */
function patternsOf(text: Text): string[] {
  if (typeof text === "string") return [escaped(text)];
  const [said, one, many] = [
    text(...([mark, mark] as never[])),
    text(...([1, 1] as never[])),
    text(...([7, 7] as never[])),
  ];
  const isCount = said.includes("NaN");
  return isCount
    ? [one, many].map((form) => escaped(form).replaceAll(/\d+/g, String.raw`[\d.,\s]+`))
    : [escaped(said).replaceAll(mark, ".*")];
}

/** Icons, which stand before words. */
const icons = /^[^\p{L}\p{N}(]+|[^\p{L}\p{N}).?!…]+$/gu;

/**
 * The texts that are shown in English, of all that a page shows.
 * @param shown texts and labels as they stand in the page
 * @param language the one that it should be shown in
 */
export function englishTexts(shown: readonly string[], language: Language): string[] {
  const own = new Set(textsOf(language).flatMap(([, text]) => patternsOf(text)));
  const patterns = textsOf(en)
    .flatMap(([, text]) => patternsOf(text))
    // What both say is no sign, nor is a mark with what is filled in.
    .filter((pattern) => !own.has(pattern) && /\p{L}{2}/u.test(pattern.replaceAll(".*", "")));
  const isEnglish = new RegExp(`^(?:${[...new Set(patterns)].join("|")})$`, "u");
  return shown.filter((text) => {
    const words = text.trim();
    return isEnglish.test(words) || isEnglish.test(words.replaceAll(icons, ""));
  });
}
