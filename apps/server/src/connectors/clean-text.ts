/**
 * What can be stored of a text from outside: without U+0000, which PostgreSQL has no place for,
 * well-formed (a lone surrogate has no UTF-8), trimmed, and cut to a length.
 * @param value of any type; what is no text says nothing
 * @param maxLength in UTF-16 units
 * @returns null when nothing is left
 */
export function cleanText(value: unknown, maxLength: number): string | null {
  if (typeof value !== "string") return null;
  const storable = value.replaceAll("\u0000", "").toWellFormed().trim();
  if (storable === "") return null;
  if (storable.length <= maxLength) return storable;
  // The cut may fall between the halves of a pair: the half that stays is dropped.
  return storable.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, "");
}

/** Whether a text is the same after cleaning: an id that would have to be changed is no id. */
export function isCleanText(value: string, maxLength: number): boolean {
  return cleanText(value, maxLength) === value;
}
