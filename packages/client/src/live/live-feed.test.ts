import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type FlakyHub, openFlakyHub } from "../../test/flaky-hub.ts";
import { createLiveFeed, type LiveFeed } from "./live-feed.ts";
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
