/** Names that were looked up, good and bad: asking the runtime for a zone takes 50 µs. */
const known = new Map<string, boolean>();
/** There are about 600 IANA names; what goes beyond is somebody's invention. */
const MAX_KNOWN = 1000;

/**
 * Reads an IANA time zone that a source named.
 * @param value of any type
 * @returns the name as it was given, or null when there is no such zone
 */
export function readTimeZone(value: unknown): string | null {
  // An offset such as +02:00 is accepted by the runtime, and knows no summer time.
  if (typeof value !== "string" || !/^[A-Za-z][A-Za-z0-9_+/-]{1,63}$/.test(value)) return null;
  const before = known.get(value);
  if (before !== undefined) return before ? value : null;
  if (known.size >= MAX_KNOWN) known.clear();
  const exists = existsAsZone(value);
  known.set(value, exists);
  return exists ? value : null;
}

function existsAsZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}
