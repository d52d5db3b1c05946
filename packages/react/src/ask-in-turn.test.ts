import { expect, it } from "vitest";
import { askInTurn } from "./ask-in-turn.ts";

/** An asker whose questions are answered by hand. */
function open() {
  const questions: PromiseWithResolvers<string>[] = [];
  const told: string[] = [];
  const asker = askInTurn(
    () => {
      const question = Promise.withResolvers<string>();
      questions.push(question);
      return question.promise;
    },
    (outcome) => told.push("data" in outcome ? outcome.data : String(outcome.error)),
  );
  return { asker, questions, told };
}
/** All that was decided has been told. */
const settled = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve));

it("tells each answer, though it is wished for more often than it is answered", async () => {
  const { asker, questions, told } = open();
  for (let round = 0; round < 3; round += 1) {
    for (let wish = 0; wish < 4; wish += 1) asker.askSoon();
    expect(questions).toHaveLength(round + 1);
    questions[round]?.resolve(`answer ${round}`);
    await settled();
  }
  expect(told).toEqual(["answer 0", "answer 1", "answer 2"]);
  questions[3]?.resolve("the last");
  await settled();
  expect(told.at(-1)).toBe("the last");
  expect(questions).toHaveLength(4);
});

it.each([
  [0, 1],
  [1, 0],
])("asks anew at once, and drops what was under way", async (...order) => {
  const { asker, questions, told } = open();
  asker.askSoon();
  asker.askSoon();
  asker.askAnew();
  expect(questions).toHaveLength(2);
  for (const turn of order) {
    questions[turn]?.resolve(["older", "newer"][turn] ?? "");
    await settled();
  }
  expect(told).toEqual(["newer"]);
  expect(questions).toHaveLength(2);
});

it("tells what a question failed by, goes on, and is silent when it is over", async () => {
  const { asker, questions, told } = open();
  asker.askSoon();
  asker.askSoon();
  questions[0]?.reject(new Error("no answer"));
  await settled();
  expect(told).toEqual(["Error: no answer"]);
  asker.askSoon();
  asker.end();
  questions[1]?.resolve("too late");
  await settled();
  expect([told.length, questions.length]).toEqual([1, 2]);
});
