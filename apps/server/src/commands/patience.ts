const MINUTE = 60_000;

/** For how long a command is tried, from the request on. Milliseconds, as all of these. */
export const TRY_FOR = 15 * MINUTE;
/** For how long its effect is awaited, once the source has accepted it. */
export const AWAIT_FOR = 10 * MINUTE;
/** For how much longer, when the source cannot be asked just then. */
export const AWAIT_LONGER = 5 * MINUTE;

const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 2 * MINUTE;
const FIRST_LOOK = 30_000;

/** When something that failed is tried again: after 5 s, doubled each time, at most 2 min. */
export function nextTry(attempts: number, now: Date): Date {
  const wait = Math.min(FIRST_WAIT * 2 ** Math.max(0, attempts - 1), LONGEST_WAIT);
  return new Date(now.getTime() + wait);
}

/**
 * When the source is looked at for the effect of what it accepted, while no message tells of it:
 * after 30 s, then after twice the time that has passed, and when the time is up.
 */
export function nextLook(acceptedAt: Date, expiresAt: Date, now: Date): Date {
  const passed = Math.max(FIRST_LOOK, now.getTime() - acceptedAt.getTime());
  return new Date(Math.min(now.getTime() + passed, expiresAt.getTime()));
}
