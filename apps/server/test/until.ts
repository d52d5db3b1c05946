import { setTimeout as delay } from "node:timers/promises";

const DEADLINE = 10_000;
const STEP = 5;

/**
 * Waits until a condition holds.
 * @param deadline milliseconds after which it throws
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  deadline = DEADLINE,
): Promise<void> {
  const end = performance.now() + deadline;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${deadline} ms: ${String(condition)}`);
    await delay(STEP);
  }
}
