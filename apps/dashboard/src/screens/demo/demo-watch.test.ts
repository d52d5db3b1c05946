import type { LiveFeed, LiveSubscriber } from "@slotwire/client";
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
  began_at: "2026-11-21T09:00:00.000Z",
  began_position: 0,
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

/** A watch whose source answers by hand, and whose hub tells by hand what happens. */
function watched() {
  const asked: (number | undefined)[] = [];
  const answers: (() => Promise<DemoResource>)[] = [];
  const subscribers = new Set<LiveSubscriber>();
  const live = {
    subscribe: (subscriber: LiveSubscriber) => {
      subscribers.add(subscriber);
      return () => void subscribers.delete(subscriber);
    },
  } as unknown as LiveFeed;
  const watch = createDemoWatch((after) => {
    asked.push(after);
    return answers.shift()?.() ?? Promise.resolve(answer());
  }, live);
  return {
    watch,
    asked,
    /** Somebody reads by the watch's feed. @returns what the hub tells them, and how they stop */
    reads: (options: LiveSubscriber = {}) => {
      const stop = watch.reader.subscribe(options);
      const [told] = [...subscribers].slice(-1);
      return {
        stop,
        starts: (position: number, ...recent: BookingEvent[]) => told?.onStart?.(recent, position),
        hears: (...seqs: number[]) => seqs.forEach((seq) => told?.onEvent?.(event(seq))),
        hasGap: () => told?.onGap?.({ oldest: 45, newest: 50 }),
      };
    },
    tells: (...next: DemoResource[]) =>
      answers.push(...next.map((one) => () => Promise.resolve(one))),
    fails: () => answers.push(() => Promise.reject(new TypeError("offline"))),
  };
}

const happened = (count: number, more: Partial<DemoResource> = {}): DemoResource =>
  answer({ counts: { ...counts, happened: count }, ...more });

describe("the watch over the demo", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const second = () => vi.advanceTimersByTimeAsync(1_000);
  const now = () => vi.advanceTimersByTimeAsync(0);

  it("waits for a reader, and counts from the first answer on", async () => {
    const { watch, asked, reads, tells } = watched();
    watch.start();
    await second();
    expect(asked).toEqual([undefined, undefined]);
    expect(watch.state).toMatchObject({ figures: null, since: null });
    tells(answer(), happened(7, { change: 7, position: 22 }));
    const { starts, hears } = reads();
    starts(19);
    await now();
    expect(watch.state.figures).toMatchObject({ sent: 0, shown: 0 });
    hears(20, 21, 22);
    await second();
    expect(watch.state.figures).toMatchObject({ sent: 2, shown: 2, lost: 0, doubled: 0 });
    await second();
    expect(asked).toEqual([undefined, undefined, undefined, 5, 7]);
  });

  it("counts what its reader is told, and no less when that runs ahead of the answer", async () => {
    const { watch, reads, tells } = watched();
    tells(answer(), happened(5), happened(8, { position: 23 }));
    watch.start();
    const handed: number[] = [];
    const { starts, hears } = reads({ onEvent: ({ seq }) => handed.push(seq) });
    starts(18, event(17), event(18));
    hears(19, 20, 21, 22, 22, 24);
    await second();
    expect(handed).toEqual([19, 20, 21, 22, 22, 24]);
    expect(watch.state.figures).toMatchObject({ sent: 3, shown: 3, doubled: 1, lost: 1 });
  });

  it("does not begin before a position from which its reader is told everything", async () => {
    const { watch, reads, tells } = watched();
    tells(
      answer(),
      happened(5, { position: 20 }),
      happened(6, { position: 20 }),
      happened(9, { position: 31 }),
    );
    watch.start();
    const { starts, hears } = reads();
    starts(30);
    hears(31);
    await now();
    expect(watch.state.since).toBeNull();
    await second();
    await second();
    hears(32);
    await vi.advanceTimersByTimeAsync(500);
    expect(watch.state.figures).toMatchObject({ sent: 0, shown: 1, lost: 0 });
  });

  it("tells of a reader who has paused, and goes on with the same counting", async () => {
    const { watch, reads, tells } = watched();
    const after = happened(6, { position: 21 });
    tells(answer(), happened(5), after, after);
    watch.start();
    const first = reads();
    first.starts(20);
    await now();
    expect(watch.state.isPaused).toBe(false);
    first.stop();
    expect(watch.state.isPaused).toBe(true);
    await second();
    expect(watch.state.figures).toMatchObject({ sent: 1, shown: 0, lost: 0 });
    const again = reads({ after: 20 });
    again.starts(20);
    again.hears(21);
    await second();
    expect(watch.state).toMatchObject({ isPaused: false, figures: { shown: 1, lost: 0 } });
  });

  it("asks on at once while there is more, and judges when all was told", async () => {
    const { watch, asked, reads, tells } = watched();
    const visit = {
      id: "v",
      uids: ["v"],
      status: "confirmed" as const,
      starts_at: "2026-11-21T10:00:00.000Z",
      ends_at: "2026-11-21T11:00:00.000Z",
    };
    reads().starts(20);
    await now();
    tells(answer(), answer({ change: 6, visits: [visit], more: true }), answer({ change: 8 }));
    watch.restart();
    await second();
    await vi.advanceTimersByTimeAsync(1);
    expect(asked.slice(-3)).toEqual([undefined, 5, 6]);
    expect(watch.state.figures).toMatchObject({ lost: 1 });
  });

  it("keeps its figures while nobody answers, and goes on", async () => {
    const { watch, reads, tells, fails } = watched();
    reads().starts(20);
    await now();
    tells(answer());
    fails();
    tells(happened(6));
    watch.restart();
    await second();
    expect(watch.state.error).toBeInstanceOf(TypeError);
    expect(watch.state.figures).toMatchObject({ sent: 0 });
    await second();
    expect(watch.state).toMatchObject({ error: null, figures: { sent: 1 } });
  });

  const restarted = {
    run_id: "second run",
    began_at: "2026-11-21T10:00:00.000Z",
    began_position: 40,
  };

  it("begins with the source when that was started again", async () => {
    const { watch, asked, reads, tells } = watched();
    const { starts, hears } = reads();
    starts(20);
    await now();
    tells(answer());
    watch.restart();
    await now();
    hears(21, 40, 41);
    const changes = { ...restarted, change: 1, position: 41, visits: [] };
    tells(happened(2, changes), happened(2, changes), happened(3, { ...changes, position: 42 }));
    await second();
    await vi.advanceTimersByTimeAsync(1);
    expect(asked.slice(-3)).toEqual([undefined, 5, 0]);
    const since = { at: Date.parse(restarted.began_at), position: 40 };
    expect(watch.state).toMatchObject({ since, figures: { sent: 2, shown: 1, lost: 0 } });
    hears(42);
    await second();
    expect(watch.state.figures).toMatchObject({ sent: 3, shown: 2, lost: 0, doubled: 0 });
  });

  it("says the same in all tabs, whenever each of them hears that it was started again", async () => {
    const [early, late] = [watched(), watched()];
    const soon = happened(1, { ...restarted, change: 1, position: 41 });
    const later = happened(4, { ...restarted, change: 4, position: 43 });
    early.tells(answer(), soon, soon, later);
    late.tells(answer());
    late.fails();
    late.tells(later, later);
    for (const { reads } of [early, late]) {
      const { starts, hears } = reads();
      starts(20);
      await now();
      hears(...Array.from({ length: 23 }, (_, index) => 21 + index));
    }
    await second();
    await second();
    await vi.advanceTimersByTimeAsync(10);
    const { since, figures } = early.watch.state;
    expect(figures).toMatchObject({ sent: 4, shown: 3, lost: 0, doubled: 0 });
    expect(late.watch.state).toMatchObject({ since, figures });
  });

  it("begins anew when the log has a gap", async () => {
    const { watch, asked, reads, tells } = watched();
    const { starts, hears, hasGap } = reads();
    starts(20);
    await now();
    tells(answer());
    watch.restart();
    await now();
    hears(21);
    tells(answer({ position: 50 }));
    hasGap();
    await now();
    expect(asked.at(-1)).toBeUndefined();
    expect(watch.state.figures).toMatchObject({ sent: 0, shown: 0, lost: 0 });
  });

  it("ends with what it began, and can begin twice", async () => {
    const { watch, asked, reads } = watched();
    watch.start()();
    const end = watch.start();
    reads().starts(20);
    await now();
    expect(watch.state.figures).toMatchObject({ sent: 0 });
    end();
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toHaveLength(before);
  });
});
