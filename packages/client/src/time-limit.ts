/** Timers know no more milliseconds: what takes longer is over at once, or refused. */
const LONGEST = 2 ** 31 - 1;

/** A signal that is aborted after so many milliseconds; as late as can be where that is no number, or has no end. */
export function timeLimit(milliseconds: number): AbortSignal {
  const isNumber = !Number.isNaN(milliseconds);
  return AbortSignal.timeout(isNumber ? Math.max(0, Math.min(milliseconds, LONGEST)) : LONGEST);
}
