/** Clocks of sources that are kept at all are nearer than this. ms */
const TOLERANCE = 5 * 60_000;

/**
 * Whether a source's time is so far ahead that its clock must be wrong.
 * @param at RFC 3339
 * @param now when it was told, by the hub's clock
 */
export function isAhead(at: string, now: Date): boolean {
  return Date.parse(at) > now.getTime() + TOLERANCE;
}
