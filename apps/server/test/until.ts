import { setTimeout as delay } from "node:timers/promises";

const DEADLINE = 10_000;
/** Between two looks, in milliseconds: at first, and at most. */
const SHORTEST_STEP = 5;
const LONGEST_STEP = 50;

/**
 * Waits until a condition holds.
 * @param deadline milliseconds after which it throws
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  deadline = DEADLINE,
): Promise<void> {
  const start = performance.now();
  while (!(await condition())) {
    const waited = performance.now() - start;
    if (waited > deadline) throw new Error(`not within ${deadline} ms: ${String(condition)}`);
    // What takes long needs no close look, which costs more than it finds.
    await delay(Math.min(LONGEST_STEP, Math.max(SHORTEST_STEP, waited / 10)));
  }
}
