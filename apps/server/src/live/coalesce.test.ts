import { expect, it } from "vitest";
import { coalesce } from "./coalesce.ts";

/** Work that runs until it is let go. */
function heldWork() {
  const runs: { finish: () => void; fail: (error: Error) => void }[] = [];
  let running = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    try {
      await new Promise<void>((finish, fail) => runs.push({ finish, fail }));
    } finally {
      running -= 1;
    }
  };
  return { runs, work, most: () => most };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it("runs once more for any number of calls during a run, and never twice at once", async () => {
  const { runs, work, most } = heldWork();
  const call = coalesce(work);
  const first = call();
  const later = [call(), call(), call()];
  expect(runs).toHaveLength(1);
  runs[0]?.finish();
  await first;
  await settle();
  expect(runs).toHaveLength(2);
  runs[1]?.finish();
  await Promise.all(later);
  await settle();
  expect(runs).toHaveLength(2);
  expect(most()).toBe(1);
});

it("starts again after it has come to rest", async () => {
  const { runs, work } = heldWork();
  const call = coalesce(work);
  for (const index of [0, 1]) {
    const done = call();
    runs[index]?.finish();
    await done;
  }
  expect(runs).toHaveLength(2);
});

it("tells a failure to the callers of that run alone", async () => {
  const { runs, work } = heldWork();
  const call = coalesce(work);
  const first = call();
  const second = call();
  runs[0]?.fail(new Error("no database"));
  await expect(first).rejects.toThrow("no database");
  await settle();
  runs[1]?.finish();
  await expect(second).resolves.toBeUndefined();
});
