import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { groupCalls } from "./group-calls.ts";

/** A call that is answered when the test says so. */
function controlled() {
  const groups: (readonly number[])[] = [];
  const answers: ((outputs: readonly (number | Error)[]) => void)[] = [];
  const failures: ((error: Error) => void)[] = [];
  const call = groupCalls<number, number>((inputs) => {
    groups.push(inputs);
    return new Promise((resolve, reject) => {
      answers.push(resolve);
      failures.push(reject);
    });
  });
  return { groups, answers, failures, call };
}

/** Long enough for a call that may go to have gone. */
const turn = async (): Promise<void> => {
  for (let index = 0; index < 3; index += 1) await setImmediate();
};

it("sends what comes alone at once, and what comes meanwhile together", async () => {
  const { groups, answers, call } = controlled();
  const first = call(1);
  await turn();
  const others = [call(2), call(3)];
  await turn();
  expect(groups).toEqual([[1]]);
  answers[0]?.([10]);
  expect(await first).toBe(10);
  await turn();
  expect(groups).toEqual([[1], [2, 3]]);
  answers[1]?.([20, 30]);
  expect(await Promise.all(others)).toEqual([20, 30]);
});

it("lets one of a group fail alone", async () => {
  const { answers, call } = controlled();
  const results = Promise.allSettled([call(1), call(2), call(3)]);
  await turn();
  answers[0]?.([1, new Error("not you"), 3]);
  expect((await results).map((result) => result.status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
});

it("fails a group whose call fails, and goes on with the next", async () => {
  const { answers, failures, call } = controlled();
  const first = Promise.allSettled([call(1), call(2)]);
  await turn();
  const next = call(3);
  failures[0]?.(new Error("cut off"));
  expect((await first).map((result) => result.status)).toEqual(["rejected", "rejected"]);
  await turn();
  answers[1]?.([3]);
  expect(await next).toBe(3);
});

it("keeps groups small, and loses nobody", async () => {
  const sizes: number[] = [];
  const call = groupCalls<number, number>((inputs) => {
    sizes.push(inputs.length);
    return Promise.resolve(inputs.map((input) => input * 2));
  });
  const inputs = Array.from({ length: 100 }, (_, index) => index);
  expect(await Promise.all(inputs.map((input) => call(input)))).toEqual(
    inputs.map((input) => input * 2),
  );
  expect(Math.max(...sizes)).toBeLessThanOrEqual(16);
});
