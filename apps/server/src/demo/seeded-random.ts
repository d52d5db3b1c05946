/** A number in [0, 1), as `Math.random` gives. */
export type Random = () => number;

const STEP = 0x6d2b79f5;
const RANGE = 2 ** 32;

/**
 * A source of numbers that repeats itself from the same seed (the generator known as mulberry32,
 * 32 bits of state): good enough to play with, and for nothing that must not be guessed.
 * @param seed any whole number
 */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + STEP) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / RANGE;
  };
}

/** One of the choices, or undefined when there are none. */
export function oneOf<Choice>(random: Random, choices: readonly Choice[]): Choice | undefined {
  return choices[Math.floor(random() * choices.length)];
}
