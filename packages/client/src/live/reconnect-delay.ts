const RECONNECT_DELAYS = [1000, 2000, 5000, 10_000];

/**
 * How many milliseconds to wait after so many failures in a row. Spread by a quarter to either side,
 * so that a restarted hub is not met by all at once.
 */
export function reconnectDelay(
  failures: number,
  delays: readonly number[] = RECONNECT_DELAYS,
): number {
  const delay = delays[Math.min(failures, delays.length) - 1] ?? 0;
  return delay * (0.75 + Math.random() / 2);
}
