import type { ApiError } from "../api-error.ts";

const RECONNECT_DELAYS = [1000, 2000, 5000, 10_000];
/** What is asked for beyond that is a mistake, in seconds: nobody would look after the page for so long. */
const LONGEST_WISH = 3600;

/**
 * How many milliseconds to wait after so many failures in a row, the last of which is given: what the
 * hub asks for, within an hour, at least. Spread by a quarter to either side, so that a restarted hub is not met by
 * all at once.
 */
export function reconnectDelay(
  failures: number,
  failure: unknown,
  delays: readonly number[] = RECONNECT_DELAYS,
): number {
  const delay = delays[Math.min(failures, delays.length) - 1] ?? 10_000;
  const wished = (failure as Partial<ApiError> | null)?.retryAfterSeconds ?? 0;
  return Math.max(delay * (0.75 + Math.random() / 2), Math.min(wished, LONGEST_WISH) * 1000);
}
