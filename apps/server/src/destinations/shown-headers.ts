/** What stands for a value that is not shown. */
export const HIDDEN = "•••";
/** Where receivers look for what proves who sends. A signature proves a body alone, and is shown. */
const secretNames: ReadonlySet<string> = new Set([
  "authorization",
  "proxy-authorization",
  "cookie",
  "x-api-key",
  "x-make-apikey",
  "x-webhook-secret",
]);
/** How much of an answer's headers is kept, in characters of names and values. */
const LIMIT = 8 * 1024;

/**
 * The headers of a request as people may see them.
 * @param secret further names whose values are hidden
 */
export function shownHeaders(
  headers: Readonly<Record<string, string>>,
  secret: readonly string[] = [],
): Record<string, string> {
  const hidden = new Set(secret.map((name) => name.toLowerCase()));
  const entries = Object.entries(headers).map(([given, value]) => {
    const name = given.toLowerCase();
    return [name, secretNames.has(name) || hidden.has(name) ? HIDDEN : value] as const;
  });
  return Object.fromEntries(entries);
}

/** The headers of an answer, as far as they are kept. A cookie's value is the receiver's secret. */
export function boundedHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = {};
  let size = 0;
  for (const [name, given] of Object.entries(headers)) {
    const text = Array.isArray(given) ? given.join(", ") : (given ?? "");
    const value = name === "set-cookie" ? HIDDEN : text.replaceAll("\0", "\u{FFFD}");
    size += name.length + value.length;
    if (size > LIMIT) break;
    kept[name] = value;
  }
  return kept;
}
