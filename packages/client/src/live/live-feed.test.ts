import { afterEach, beforeEach, expect, test, vi } from "vitest";
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
