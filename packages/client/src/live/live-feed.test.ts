import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FlakyHub, openFlakyHub } from "../../test/flaky-hub.ts";
import { visit } from "../../test/make-booking.ts";
import { createLiveFeed, type LiveFeed } from "./live-feed.ts";
import type { LiveSubscriber } from "./subscription.ts";
import { createTransport } from "../transport.ts";

let hub: FlakyHub;
let feed: LiveFeed;
beforeEach(async () => {
  hub = await openFlakyHub();
  feed = createLiveFeed(createTransport({ baseUrl: hub.baseUrl }), { reconnectDelays: [1] });
});
afterEach(async () => {
  feed.close();
  vi.useRealTimers();
  await hub.close();
});

const until = (check: () => void): Promise<void> =>
  vi.waitFor(check, { timeout: 5000, interval: 5 });

test("serves all who follow over one connection", async () => {
  const first: number[] = [];
  const second: number[] = [];
  feed.subscribe({ onEvent: (event) => first.push(event.seq) });
  const leave = feed.subscribe({ onEvent: (event) => second.push(event.seq) });
  await until(() => expect(feed.state.status).toBe("live"));
  hub.append(2);
  await until(() => expect(second).toEqual([1, 2]));
  leave();
  hub.append(1);
  await until(() => expect(first).toEqual([1, 2, 3]));
  expect(second).toEqual([1, 2]);
  expect(hub.positions).toHaveLength(1);
});

test("stays connected while screens change, and closes when the last one is gone for good", async () => {
  const leave = feed.subscribe({});
  await until(() => expect(feed.state.status).toBe("live"));
  leave();
  const leaveAgain = feed.subscribe({});
  expect(hub.positions).toHaveLength(1);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  leaveAgain();
  vi.advanceTimersByTime(900);
  expect(feed.state.status).toBe("live");
  vi.advanceTimersByTime(200);
  expect(feed.state.status).toBe("idle");
  vi.useRealTimers();
  await until(() => expect(hub.openConnections()).toBe(0));
});

test("does not connect for those who only watch the state", async () => {
  let changes = 0;
  const stop = feed.watch(() => (changes += 1));
  expect(hub.positions).toEqual([]);
  feed.subscribe({});
  await until(() => expect(feed.state.status).toBe("live"));
  expect(changes).toBeGreaterThan(1);
  stop();
  const seen = changes;
  feed.close();
  expect(changes).toBe(seen);
});

test("gives the state as one object until something changes", async () => {
  feed.subscribe({});
  await until(() => expect(feed.state.status).toBe("live"));
  const before = feed.state;
  expect(feed.state).toBe(before);
  hub.append(1);
  await until(() => expect(feed.state).not.toBe(before));
});

test("tells those who follow when the connection is away for five seconds, each time anew", async () => {
  let lost = 0;
  feed.subscribe({ onLostConnection: () => (lost += 1) });
  const leave = feed.subscribe({ onLostConnection: () => (lost += 100) });
  await until(() => expect(feed.state.status).toBe("live"));
  leave();
  expect(feed.subscriptionCount).toBe(1);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  for (const times of [1, 2]) {
    hub.behaviours = [{ answer: (response) => response.writeHead(403).end() }];
    feed.retry();
    await until(() => expect(feed.state.status).toBe("denied"));
    vi.advanceTimersByTime(4000);
    expect(lost).toBe(times - 1);
    vi.advanceTimersByTime(60_000);
    expect(lost).toBe(times);
    hub.behaviours = [{}];
    feed.retry();
    await until(() => expect(feed.state.status).toBe("live"));
  }
});

describe("who comes and goes while others are told", () => {
  test("hears of no event for which another one was ended", async () => {
    const seqs: number[][] = [[], []];
    const follow = (own: number[]): void => {
      const leave = feed.subscribe({
        onEvent({ seq }) {
          own.push(seq);
          leave();
          if (seqs.flat().length < 20) follow(own);
        },
      });
    };
    seqs.forEach(follow);
    await until(() => expect(feed.state.status).toBe("live"));
    for (const seq of [1, 2, 3]) {
      hub.append(1);
      await until(() => expect(seqs.map((own) => own.at(-1))).toEqual([seq, seq]));
    }
    expect(seqs).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(feed.subscriptionCount).toBe(2);
  });

  test("hears of no loss that was before them", async () => {
    hub.behaviours = [{ answer: (response) => response.writeHead(403).end() }];
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let lost = 0;
    let leave = (): void => {};
    const follow = (): void => {
      leave = feed.subscribe({
        onLostConnection() {
          lost += 1;
          leave();
          if (lost < 20) follow();
        },
      });
    };
    follow();
    let ofOther = 0;
    const leaveOther = feed.subscribe({ onLostConnection: () => (ofOther += 1) });
    feed.subscribe({ onLostConnection: leaveOther });
    vi.advanceTimersByTime(6000);
    expect([lost, ofOther]).toEqual([1, 1]);
  });

  test("hears of no state that was before them", async () => {
    let told = 0;
    const watch = (): void => {
      const stop = feed.watch(() => {
        told += 1;
        stop();
        if (told < 20) watch();
      });
    };
    watch();
    feed.subscribe({});
    expect(told).toBe(1);
    feed.watch(() => stopOther());
    const stopOther = feed.watch(() => (told += 100));
    feed.close();
    expect(told).toBeLessThan(5);
  });
});

test("who joins a connection that stands begins there, though nothing happens", async () => {
  hub.append(3);
  feed.subscribe({});
  await until(() => expect(feed.state).toMatchObject({ status: "live", lastSeq: 3 }));
  const starts: number[] = [];
  const leave = feed.subscribe({
    onStart(_events, position) {
      starts.push(position);
      leave();
    },
  });
  await until(() => expect(starts).toEqual([3]));
});

describe("closed by hand", () => {
  test("asks for nothing more, and goes on with everybody when somebody subscribes", async () => {
    hub.members = [{ id: "5e9f1a3c-0000-4000-8000-000000000001", email: "anna@salon.example" }];
    hub.isMasked = true;
    hub.append(1);
    const [all, hers]: [number[], number[]] = [[], []];
    feed.subscribe({ onEvent: ({ seq }) => all.push(seq) });
    const filter = { provider: "anna@salon.example" };
    feed.subscribe({ filter, onEvent: ({ seq }) => hers.push(seq) });
    await until(() => expect(hub.openConnections()).toBe(2));
    hub.add({ data: visit(filter) });
    await until(() => expect([all, hers]).toEqual([[2], [2]]));

    feed.close();
    await until(() => expect(hub.openConnections()).toBe(0));
    hub.add({ data: visit(filter) });
    feed.subscribe({});
    await until(() => expect(hub.openConnections()).toBe(2));
    hub.add({ data: visit(filter) });
    await until(() =>
      expect([all, hers]).toEqual([
        [2, 3, 4],
        [2, 3, 4],
      ]),
    );
  });

  test("drops the page that is on its way, and asks for it when somebody subscribes", async () => {
    hub.append(2);
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    hub.pageBehaviours = [{ after: () => held }, {}];
    const starts: number[][] = [];
    const onStart = (events: readonly { readonly seq: number }[]): unknown =>
      starts.push(events.map(({ seq }) => seq));
    feed.subscribe({ recent: 1, onStart });
    await until(() => expect(hub.pages).toHaveLength(1));
    feed.close();
    release();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(starts).toEqual([]);
    expect(hub.pages).toHaveLength(1);
    feed.subscribe({});
    await until(() => expect(starts).toEqual([[2]]));
  });
});

test("begins anew in another organisation's log, and asks again who people are there", async () => {
  const mine = { id: "5e9f1a3c-0000-4000-8000-000000000001", email: "anna@salon.example" };
  hub.members = [mine];
  hub.behaviours = [{ organisationId: "one" }];
  hub.pageBehaviours = [{ organisationId: "one" }];
  const all: number[] = [];
  const ofMe: number[] = [];
  let gaps = 0;
  feed.subscribe({ onEvent: ({ seq }) => all.push(seq), onGap: () => (gaps += 1) });
  feed.subscribe({ filter: { userId: "me" }, onEvent: ({ seq }) => ofMe.push(seq) });
  await until(() => expect(feed.state.status).toBe("live"));
  hub.add({ data: visit({ provider: mine.email }) });
  await until(() => expect([all, ofMe]).toEqual([[1], [1]]));

  hub.members = [{ ...mine, email: "anna@studio.example" }];
  hub.behaviours = [{ organisationId: "two" }];
  hub.pageBehaviours = [{ organisationId: "two" }];
  feed.retry();
  await until(() => expect(gaps).toBe(1));
  await until(() => expect(hub.pages).toHaveLength(2));
  await until(() => expect(feed.state).toMatchObject({ status: "live", lastSeq: 1, gapCount: 1 }));
  hub.add({ data: visit({ provider: mine.email }) });
  hub.add({ data: visit({ provider: "anna@studio.example" }) });
  await until(() =>
    expect([all, ofMe]).toEqual([
      [1, 2, 3],
      [1, 3],
    ]),
  );
});

test("begins anew when it is somebody else who reads the same log", async () => {
  hub.behaviours = [{ organisationId: "one", reader: "user:a" }];
  const seqs: number[] = [];
  const gaps: unknown[] = [];
  feed.subscribe({ onEvent: ({ seq }) => seqs.push(seq), onGap: (gap) => gaps.push(gap) });
  await until(() => expect(feed.state.status).toBe("live"));
  hub.append(2);
  await until(() => expect(seqs).toEqual([1, 2]));
  hub.behaviours = [{ organisationId: "one", reader: "user:b" }];
  hub.drop();
  await until(() => expect(gaps).toEqual([{ oldest: 0, newest: 0 }]));
  await until(() => expect(feed.state.status).toBe("live"));
  hub.append(1);
  await until(() => expect(seqs).toEqual([1, 2, 3]));
  expect(feed.state.gapCount).toBe(1);
});

test("gives everybody a new start when another reader's log begins", async () => {
  hub.members = [{ id: "5e9f1a3c-0000-4000-8000-000000000001", email: "anna@salon.example" }];
  hub.behaviours = [{ organisationId: "one", reader: "user:a" }];
  hub.append(2);
  const told: Record<string, unknown[]> = {};
  const listen = (name: string, more: LiveSubscriber = {}): void => {
    const own: unknown[] = (told[name] = []);
    feed.subscribe({
      ...more,
      onStart: (events, position) => own.push([...events.map(({ seq }) => seq), `at ${position}`]),
      onEvent: ({ seq }) => own.push(seq),
      onGap: ({ newest }) => own.push(newest === 0 ? "another log" : "gap"),
    });
  };
  listen("now");
  listen("recent", { recent: 2 });
  listen("behind", { after: 1 });
  listen("returning", { after: 1, recent: 5 });
  listen("mine", { filter: { provider: "anna@salon.example" }, recent: 1 });
  await until(() =>
    expect(told).toEqual({
      now: [["at 2"]],
      recent: [[1, 2, "at 2"]],
      behind: [["at 1"], 2],
      returning: [["at 1"], 2],
      mine: [[2, "at 2"]],
    }),
  );
  for (const name of Object.keys(told)) told[name]?.splice(0);

  hub.behaviours = [{ organisationId: "one", reader: "user:b" }];
  hub.drop();
  hub.append(1);
  await until(() =>
    expect(told).toEqual({
      now: ["another log", ["at 3"]],
      recent: ["another log", [2, 3, "at 3"]],
      behind: ["another log", ["at 3"]],
      returning: ["another log", [1, 2, 3, "at 3"]],
      mine: ["another log", [3, "at 3"]],
    }),
  );
  hub.append(1);
  await until(() => expect(Object.values(told).map((own) => own.at(-1))).toEqual([4, 4, 4, 4, 4]));
});

test("tells who is about to go on behind a position of the former reader's", async () => {
  hub.append(3);
  hub.behaviours = [{ organisationId: "one", reader: "user:a" }];
  feed.subscribe({});
  await until(() => expect(feed.state.status).toBe("live"));
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  hub.pageBehaviours = [{ after: () => held }, {}];
  const told: unknown[] = [];
  feed.subscribe({
    after: 1,
    recent: 2,
    onStart: (events) => told.push(events.map(({ seq }) => seq)),
    onEvent: ({ seq }) => told.push(seq),
    onGap: ({ newest }) => told.push(newest === 0 ? "another log" : "gap"),
  });
  await until(() => expect(hub.pages).toHaveLength(1));
  hub.behaviours = [{ organisationId: "one", reader: "user:b" }];
  hub.drop();
  await until(() => expect(told).toEqual(["another log", [2, 3]]));
  release();
});

test("gives a new start to who has a stream of its own, once", async () => {
  hub.members = [{ id: "5e9f1a3c-0000-4000-8000-000000000001", email: "anna@salon.example" }];
  hub.isMasked = true;
  hub.behaviours = [{ organisationId: "one", reader: "user:a" }];
  hub.add({ data: visit({ provider: "anna@salon.example" }) });
  const told: unknown[] = [];
  feed.subscribe({
    filter: { provider: "anna@salon.example" },
    recent: 5,
    onStart: (events) => told.push(events.map(({ seq }) => seq)),
    onEvent: ({ seq }) => told.push(seq),
    onGap: () => told.push("another log"),
  });
  await until(() => expect(hub.openConnections()).toBe(2));
  hub.behaviours = [{ organisationId: "one", reader: "user:b" }];
  hub.drop();
  await until(() => expect(told).toEqual([[1], "another log", [1]]));
  await until(() => expect(hub.openConnections()).toBe(2));
  hub.add({ data: visit({ provider: "anna@salon.example" }) });
  await until(() => expect(told).toEqual([[1], "another log", [1], 2]));
});

test("gives a new start to who waits for a stream of its own", async () => {
  hub.members = [{ id: "5e9f1a3c-0000-4000-8000-000000000001", email: "anna@salon.example" }];
  hub.isMasked = true;
  hub.add({ data: visit({ provider: "anna@salon.example" }) });
  const [former, next] = [
    { organisationId: "one", reader: "user:a" },
    { organisationId: "one", reader: "user:b" },
  ];
  const told: unknown[] = [];
  // The second stream, which is the subscription's own, is not answered.
  hub.behaviours = [former, { answer: () => {} }, next];
  hub.pageBehaviours = [former, next];
  hub.questionBehaviour = former;
  feed.subscribe({});
  await until(() => expect(feed.state.status).toBe("live"));
  feed.subscribe({
    filter: { provider: "anna@salon.example" },
    recent: 5,
    onStart: (events) => told.push(events.map(({ seq }) => seq)),
    onEvent: ({ seq }) => told.push(seq),
    onGap: () => told.push("another log"),
  });
  await until(() => expect(hub.positions).toHaveLength(2));
  hub.questionBehaviour = next;
  feed.retry();
  await until(() => expect(told).toEqual([[1], "another log", [1]]));
  await until(() => expect(hub.openConnections()).toBe(2));
  hub.add({ data: visit({ provider: "anna@salon.example" }) });
  await until(() => expect(told).toEqual([[1], "another log", [1], 2]));
});

test("a stream of its own that is the first to hear of another reader tells the others", async () => {
  hub.members = [{ id: "5e9f1a3c-0000-4000-8000-000000000001", email: "anna@salon.example" }];
  hub.isMasked = true;
  hub.add({ data: visit({ provider: "anna@salon.example" }) });
  const [former, next] = [
    { organisationId: "one", reader: "user:a" },
    { organisationId: "one", reader: "user:b" },
  ];
  const told: unknown[] = [];
  const ofAll: unknown[] = [];
  hub.behaviours = [former, next];
  hub.pageBehaviours = [former, next];
  hub.questionBehaviour = former;
  feed.subscribe({ onEvent: ({ seq }) => ofAll.push(seq), onGap: () => ofAll.push("another log") });
  await until(() => expect(feed.state.status).toBe("live"));
  hub.questionBehaviour = next;
  feed.subscribe({
    filter: { provider: "anna@salon.example" },
    recent: 5,
    onStart: (events) => told.push(events.map(({ seq }) => seq)),
    onEvent: ({ seq }) => told.push(seq),
    onGap: () => told.push("another log"),
  });
  await until(() => expect(told).toEqual([[1], "another log", [1]]));
  await until(() => expect(ofAll).toEqual(["another log"]));
  await until(() => expect(feed.state).toMatchObject({ status: "live", lastSeq: 1 }));
  await until(() => expect(hub.openConnections()).toBe(2));
  hub.add({ data: visit({ provider: "anna@salon.example" }) });
  await until(() => expect(told).toEqual([[1], "another log", [1], 2]));
  await until(() => expect(ofAll).toEqual(["another log", 2]));
});

test("goes on at a hub that does not say as whom it is read", async () => {
  hub.behaviours = [{ organisationId: "one" }];
  const seqs: number[] = [];
  feed.subscribe({ onEvent: ({ seq }) => seqs.push(seq) });
  await until(() => expect(feed.state.status).toBe("live"));
  hub.append(1);
  hub.drop();
  hub.append(1);
  await until(() => expect(seqs).toEqual([1, 2]));
  expect(feed.state.gapCount).toBe(0);
});

test("does not take a page of another organisation for its own", async () => {
  hub.behaviours = [{ organisationId: "one" }, { organisationId: "two" }];
  hub.pageBehaviours = [{ organisationId: "two" }];
  feed.subscribe({});
  await until(() => expect(feed.state).toMatchObject({ status: "live", lastSeq: 0 }));
  hub.append(2);
  const starts: number[] = [];
  feed.subscribe({ recent: 5, onStart: (events) => starts.push(events.length) });
  await until(() => expect(starts).toEqual([2]));
  expect(feed.state.gapCount).toBe(1);
});
