import { setImmediate } from "node:timers/promises";

/** How many calls of one group travel together at most. */
const MAX_GROUP = 16;

interface Waiting<Input, Output> {
  readonly input: Input;
  readonly resolve: (output: Output) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes one call of the many that come while an earlier one is under way: whoever comes alone
 * goes at once, and whoever comes together shares the round trip, and what it costs at its end.
 * @param lanes how many groups may be under way at once
 * @param call answers a group of inputs, in their order; an Error stands for a failure of its
 *   own. When it rejects, all of the group fail.
 */
export function groupCalls<Input, Output>(
  call: (inputs: readonly Input[]) => Promise<readonly (Output | Error)[]>,
  lanes = 1,
): (input: Input) => Promise<Output> {
  let waiting: Waiting<Input, Output>[] = [];
  let underWay = 0;

  const settle = (group: readonly Waiting<Input, Output>[], outputs: readonly unknown[]): void => {
    for (const [index, { resolve, reject }] of group.entries()) {
      const output = outputs[index];
      if (output instanceof Error) reject(output);
      else resolve(output as Output);
    }
  };

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      // After the sockets of this turn of the event loop were read: their calls go together too.
      // (The embedded engine blocks while it works, so nothing would ever come meanwhile.)
      await setImmediate();
      const group = waiting.slice(0, MAX_GROUP);
      waiting = waiting.slice(MAX_GROUP);
      try {
        settle(group, await call(group.map(({ input }) => input)));
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    underWay -= 1;
  };

  return (input) =>
    new Promise<Output>((resolve, reject) => {
      waiting.push({ input, resolve, reject });
      if (underWay < lanes) {
        underWay += 1;
        void run();
      }
    });
}
