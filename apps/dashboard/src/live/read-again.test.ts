import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { readAgain } from "./read-again.ts";

/** A query whose answers are given by hand: each reading gets what is true when it begins. */
function watched() {
  let truth = "before";
  const answers: (() => void)[] = [];
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const observer = new QueryObserver(queries, {
    queryKey: ["timeline"],
    queryFn: () => {
      const seen = truth;
      return new Promise<string>((resolve) => answers.push(() => resolve(seen)));
    },
  });
  const stop = observer.subscribe(() => {});
  return {
    queries,
    stop,
    change: () => (truth = "after"),
    /** Answers the reading of that number, once it was asked for. */
    answer: async (n: number) => {
      while (answers[n] === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
      answers[n]();
    },
    shows: async (value: string) => {
      while (observer.getCurrentResult().data !== value) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
    readings: () => answers.length,
  };
}

describe("reading again", () => {
  it("shows a change that came while the first reading was under way", async () => {
    const page = watched();
    page.change();
    readAgain(page.queries, { queryKey: ["timeline"] });
    await page.answer(0);
    await page.shows("before");
    await page.answer(1);
    await page.shows("after");
    page.stop();
  });

  it("shows a change that came after it, or during a later one", async () => {
    const page = watched();
    await page.answer(0);
    await page.shows("before");
    readAgain(page.queries, { queryKey: ["timeline"] });
    await page.answer(1);
    await page.shows("before");
    readAgain(page.queries, { queryKey: ["timeline"] });
    page.change();
    readAgain(page.queries, { queryKey: ["timeline"] });
    await page.answer(3);
    await page.shows("after");
    expect(page.readings()).toBe(4);
    page.stop();
  });
});
