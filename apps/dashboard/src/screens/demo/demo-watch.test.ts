import type { LiveSubscriber } from "@slotwire/client";
import type { BookingEvent, DemoResource } from "@slotwire/contract";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createDemoWatch } from "./demo-watch.ts";

const settings = {
  per_minute: 0,
  duplicate_percent: 0,
  delay_percent: 0,
  delay_seconds: 1,
  reorder_percent: 0,
  fail_percent: 0,
};
const counts = {
  happened: 5,
  posted: 5,
  posted_twice: 0,
  lost_on_the_way: 0,
  answers_lost: 0,
  taken: 5,
  refused: 0,
  given_up: 0,
  held_back: 0,
};
const answer = (given: Partial<DemoResource> = {}): DemoResource => ({
  run_id: "first run",
  connection_id: "c",
  destination_id: "d",
  settings,
  usual_settings: settings,
  counts,
  burst: null,
  change: 5,
  visits: [],
  more: false,
  open_visits: [],
  unprocessed: 0,
  position: 20,
  ...given,
});

const event = (seq: number): BookingEvent =>
  ({
    seq,
    booking_id: "b",
    booking_version: seq,
    new_status: "confirmed",
    actor: { kind: "connection" },
    data: {},
  }) as unknown as BookingEvent;

/** A watch whose source answers by hand. */
function watched() {
  const asked: (number | undefined)[] = [];
  const answers: (() => Promise<DemoResource>)[] = [];
  const subscribers = new Set<LiveSubscriber>();
  const watch = createDemoWatch(
    (after) => {
      asked.push(after);
      return answers.shift()?.() ?? Promise.resolve(answer());
    },
    {
      subscribe: (subscriber) => {
        subscribers.add(subscriber);
        return () => void subscribers.delete(subscriber);
      },
    },
  );
  return {
    watch,
    asked,
    subscribers,
    tells: (...next: DemoResource[]) =>
      answers.push(...next.map((one) => () => Promise.resolve(one))),
    fails: () => answers.push(() => Promise.reject(new TypeError("offline"))),
  };
}

describe("the watch over the demo", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const second = () => vi.advanceTimersByTimeAsync(1_000);

  it("begins where the first answer is, and counts from there", async () => {
    const { watch, asked, subscribers, tells } = watched();
    tells(answer(), answer({ change: 7, counts: { ...counts, happened: 7 }, position: 22 }));
    watch.start();
    await vi.advanceTimersByTimeAsync(0);
    const [subscriber] = subscribers;
    expect(subscriber?.after).toBe(20);
    expect(watch.state.figures).toMatchObject({ sent: 0, shown: 0 });
    subscriber?.onEvent?.(event(21));
    subscriber?.onEvent?.(event(22));
    await second();
    expect(watch.state.figures).toMatchObject({ sent: 2, shown: 2, lost: 0, doubled: 0 });
    await second();
    expect(asked).toEqual([undefined, 5, 7]);
  });

  it("asks on at once while there is more, and judges when all was told", async () => {
    const { watch, asked, tells } = watched();
    const visit = {
      id: "v",
      uids: ["v"],
      status: "confirmed" as const,
      starts_at: "2026-11-21T10:00:00.000Z",
      ends_at: "2026-11-21T11:00:00.000Z",
    };
    tells(answer(), answer({ change: 6, visits: [visit], more: true }), answer({ change: 8 }));
    watch.start();
    await vi.advanceTimersByTimeAsync(1_000);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toEqual([undefined, 5, 6]);
    expect(watch.state.figures).toMatchObject({ lost: 1 });
  });

  it("keeps its figures while nobody answers, and goes on", async () => {
    const { watch, tells, fails } = watched();
    tells(answer());
    fails();
    tells(answer({ counts: { ...counts, happened: 6 } }));
    watch.start();
    await second();
    expect(watch.state.error).toBeInstanceOf(TypeError);
    expect(watch.state.figures).toMatchObject({ sent: 0 });
    await second();
    expect(watch.state).toMatchObject({ error: null, figures: { sent: 1 } });
  });

  it("begins anew when the hub was started again, and when the log has a gap", async () => {
    const { watch, asked, subscribers, tells } = watched();
    const another = answer({ run_id: "second run", position: 40 });
    tells(answer(), another, another);
    watch.start();
    await second();
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toEqual([undefined, 5, undefined]);
    expect([...subscribers].map(({ after }) => after)).toEqual([40]);
    tells(answer({ run_id: "second run", position: 50 }));
    [...subscribers][0]?.onGap?.({ oldest: 45, newest: 50 });
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.at(-1)).toBeUndefined();
    expect([...subscribers].map(({ after }) => after)).toEqual([50]);
  });

  it("ends with everything that it began, and can begin twice", async () => {
    const { watch, asked, subscribers } = watched();
    watch.start()();
    const end = watch.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(subscribers.size).toBe(1);
    end();
    expect(subscribers.size).toBe(0);
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toHaveLength(before);
  });
});
