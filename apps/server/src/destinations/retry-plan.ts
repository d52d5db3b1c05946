/** RFC 9110 §10.2.3 lets a receiver ask for any time; a day is as long as it gets. */
const LONGEST_RETRY_AFTER = 24 * 60 * 60 * 1000;
/** Spread around a planned wait, so that what failed together does not come back together. */
const JITTER = 0.1;

export interface RetryPlan {
  /** Seconds to wait before each attempt, the first included. */
  readonly schedule: readonly number[];
  /** A number in [0, 1), as `Math.random` gives. */
  readonly random: () => number;
}

/**
 * When the next attempt is due.
 * @param attempts how many have been made, the one that just failed included
 * @param retryAfter the receiver's `Retry-After` header, honoured when it asks for more
 * @returns an instant (UTC), or null when that was the last attempt
 */
export function nextAttemptAt(
  { schedule, random }: RetryPlan,
  attempts: number,
  retryAfter: string | null,
  now: Date,
): Date | null {
  const seconds = schedule[attempts];
  if (seconds === undefined) return null;
  const jittered = seconds * 1000 * (1 - JITTER + 2 * JITTER * random());
  const asked = retryAfterMilliseconds(retryAfter, now) ?? 0;
  return new Date(now.getTime() + Math.round(Math.max(jittered, asked)));
}

/**
 * The wait that a `Retry-After` header asks for, in milliseconds and at most a day; null when
 * there is none or it cannot be read. It is either seconds or an HTTP date (RFC 9110 §10.2.3).
 */
export function retryAfterMilliseconds(header: string | null, now: Date): number | null {
  if (header === null) return null;
  const text = header.trim();
  const asked = /^\d+$/.test(text) ? Number(text) * 1000 : httpDate(text) - now.getTime();
  return Number.isNaN(asked) ? null : Math.min(Math.max(asked, 0), LONGEST_RETRY_AFTER);
}

/** Every form of an HTTP date names its day first; `Date.parse` alone would take `-5` for a year. */
function httpDate(text: string): number {
  return /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
}
