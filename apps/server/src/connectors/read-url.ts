import { cleanText } from "./clean-text.ts";

const MAX_URL = 2000;

/**
 * Reads a link that people may follow.
 * @param value of any type
 * @returns an address of http or https, or null when it is none
 */
export function readUrl(value: unknown): string | null {
  const text = cleanText(value, MAX_URL);
  return text !== null && /^https?:\/\//i.test(text) && URL.canParse(text) ? text : null;
}
