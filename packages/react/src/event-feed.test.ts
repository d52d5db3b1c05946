import { createClient, type EventFilter, type SlotwireClient } from "@slotwire/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type FlakyHub, openFlakyHub } from "../../client/test/flaky-hub.ts";
import { createEventFeed, type EventFeed, type FeedOptions } from "./event-feed.ts";

let hub: FlakyHub;
let client: SlotwireClient;
beforeEach(async () => {
  hub = await openFlakyHub();
  client = createClient({ baseUrl: hub.baseUrl, reconnectDelays: [10] });
});
afterEach(async () => {
  client.live.close();
  await hub.close();
});

/** A feed that somebody watches, and what it handed out. */
function open(options: FeedOptions = {}, filter: EventFilter = {}) {
  const handed: number[] = [];
  const onEvent = ({ seq }: { readonly seq: number }): unknown => handed.push(seq);
  const feed = createEventFeed(client, filter, { onEvent, ...options });
  const updates = vi.fn<() => void>();
  const unwatch = feed.watch(updates);
  return { feed, handed, updates, unwatch };
}
const seqs = (feed: EventFeed): number[] => feed.read().events.map(({ seq }) => seq);
const isLive = (feed: EventFeed) => expect.poll(() => feed.read().status).toBe("live");

it("follows from now on, newest first, and keeps as many as it is told", async () => {
  hub.append(3);
  const { feed, handed } = open({ maxEvents: 2 });
  expect(feed.read()).toMatchObject({ events: [], isConnected: false, lastEventId: null });
  await isLive(feed);
  hub.append(3);
  await expect.poll(() => feed.read().lastEventId).toBe("6");
  expect(handed).toEqual([4, 5, 6]);
  expect(seqs(feed)).toEqual([6, 5]);
  expect(feed.read()).toMatchObject({ isConnected: true, error: null, hasGap: false });
  feed.update({ maxEvents: 1 });
  expect(seqs(feed)).toEqual([6]);
});

it.each([
  [-1, 1],
  [0, 1],
  [2.5, 2],
  [Number.NaN, 3],
  [Number.POSITIVE_INFINITY, 3],
])("keeps a whole number of events where it is told to keep %d", async (maxEvents, kept) => {
  const { feed, updates } = open({ maxEvents });
  await isLive(feed);
  hub.append(3);
  await expect.poll(() => feed.read().lastEventId).toBe("3");
  expect(seqs(feed)).toEqual([3, 2, 1].slice(0, kept));
  updates.mockClear();
  feed.update({ maxEvents });
  expect(updates).not.toHaveBeenCalled();
});

it("begins with recent events, which are no news", async () => {
  hub.append(5);
  const { feed, handed } = open({ recent: 3 });
  await expect.poll(() => seqs(feed)).toEqual([5, 4, 3]);
  await isLive(feed);
  hub.append(1);
  await expect.poll(() => seqs(feed)).toEqual([6, 5, 4, 3]);
  expect(handed).toEqual([6]);
});

it("goes on behind the events that it was given, or behind a position", async () => {
  hub.append(6);
  const given = hub.log.slice(0, 2).toReversed();
  const first = open({ initialEvents: given });
  await expect.poll(() => seqs(first.feed)).toEqual([6, 5, 4, 3, 2, 1]);
  expect(first.handed).toEqual([3, 4, 5, 6]);
  const second = open({ since: "4" });
  await expect.poll(() => second.handed).toEqual([5, 6]);
  const third = open({ since: "now", initialEvents: given });
  await isLive(third.feed);
  hub.append(1);
  await expect.poll(() => third.handed).toEqual([7]);
});

it("stands still while it is paused, and catches up without loss", async () => {
  const { feed, handed } = open();
  await isLive(feed);
  hub.append(2);
  await expect.poll(() => handed).toEqual([1, 2]);
  feed.read().pause();
  expect(feed.read()).toMatchObject({ isPaused: true, status: "idle", isConnected: false });
  hub.append(40);
  client.live.close();
  feed.read().resume();
  await expect.poll(() => feed.read().lastEventId).toBe("42");
  expect(handed).toEqual(Array.from({ length: 42 }, (_, index) => index + 1));
  expect(feed.read().isPaused).toBe(false);
});

it("loses nothing over being switched off, or over going and coming back", async () => {
  const { feed, handed, unwatch } = open();
  await isLive(feed);
  const onEvent = ({ seq }: { readonly seq: number }): unknown => handed.push(seq);
  feed.update({ onEvent, enabled: false });
  hub.append(1);
  expect(feed.read().status).toBe("idle");
  feed.update({ onEvent });
  await expect.poll(() => handed).toEqual([1]);
  unwatch();
  hub.append(1);
  feed.watch(() => {});
  await expect.poll(() => handed).toEqual([1, 2]);
});

it("shows what a filter lets through", async () => {
  const [bookingId, other] = [crypto.randomUUID(), crypto.randomUUID()];
  const { feed } = open({}, { bookingId, types: ["booking.created"] });
  await isLive(feed);
  hub.add({ booking_id: bookingId, type: "booking.created" });
  hub.add({ booking_id: bookingId });
  hub.add({ booking_id: other, type: "booking.created" });
  hub.add({ booking_id: bookingId, type: "booking.created" });
  await expect.poll(() => seqs(feed)).toEqual([4, 1]);
});

it("shows what comes close together at once", async () => {
  const { feed, handed, updates } = open({ debounceMs: 100 });
  await isLive(feed);
  updates.mockClear();
  hub.append(30);
  await expect.poll(() => handed.length).toBe(30);
  await expect.poll(() => seqs(feed).length).toBe(30);
  // One for the events, and those of a second that is over.
  expect(updates.mock.calls.length).toBeLessThan(5);
});

it("says that events are missing, and forgets it when they are cleared", async () => {
  const gaps: unknown[] = [];
  hub.append(3);
  const { feed } = open({ since: 9, onGap: (gap) => gaps.push(gap) });
  await expect.poll(() => feed.read().hasGap).toBe(true);
  expect(gaps).toEqual([{ oldest: 1, newest: 3 }]);
  await isLive(feed);
  feed.read().clearEvents();
  expect(feed.read()).toMatchObject({ events: [], hasGap: false });
  hub.append(1);
  await expect.poll(() => seqs(feed)).toEqual([4]);
});

it("keeps nothing of another organisation", async () => {
  hub.behaviours = [{ organisationId: "one" }, { organisationId: "two" }];
  const { feed } = open();
  await isLive(feed);
  hub.append(1);
  await expect.poll(() => seqs(feed)).toEqual([1]);
  feed.read().retry();
  await expect.poll(() => feed.read().hasGap).toBe(true);
  expect(feed.read().events).toEqual([]);
});

it("keeps what it shows while the connection is away, and says why it is", async () => {
  const { feed } = open();
  await isLive(feed);
  hub.append(1);
  await expect.poll(() => seqs(feed)).toEqual([1]);
  hub.behaviours = [{ answer: (response) => response.writeHead(403).end() }];
  feed.read().retry();
  await expect.poll(() => feed.read().status).toBe("denied");
  expect(feed.read()).toMatchObject({ isConnected: false, error: expect.any(String) as string });
  expect(seqs(feed)).toEqual([1]);
});

it("says what the hub refuses, and asks again when it is told to", async () => {
  const problem = { type: "t", title: "No", status: 422, code: "E_VALIDATION", remedy: "Look." };
  hub.pageBehaviours = [{ answer: (to) => to.writeHead(422).end(JSON.stringify(problem)) }];
  const { feed, handed } = open({ recent: 3 }, { bookingId: "none" });
  await expect.poll(() => feed.read().status).toBe("denied");
  expect(feed.read()).toMatchObject({ isConnected: false, error: "No" });
  expect(feed.read().refusal).toMatchObject({ code: "E_VALIDATION", problem: { remedy: "Look." } });
  await expect.poll(() => client.live.state.status).toBe("live");
  expect(hub.pages).toHaveLength(1);
  hub.pageBehaviours = [{}];
  feed.read().retry();
  await expect.poll(() => feed.read()).toMatchObject({ isConnected: true, refusal: null });
  await expect.poll(() => hub.pages).toHaveLength(2);
  hub.add({ booking_id: "none" });
  await expect.poll(() => handed).toEqual([1]);
});

it("drops what it shows when nobody is signed in any more, and begins anew when somebody is", async () => {
  hub.append(2);
  const { feed, unwatch } = open({ recent: 2 });
  await expect.poll(() => seqs(feed)).toEqual([2, 1]);
  await isLive(feed);
  hub.behaviours = [{ answer: (response) => response.writeHead(401).end() }];
  feed.read().retry();
  await expect.poll(() => feed.read().status).toBe("denied");
  expect(feed.read()).toMatchObject({ events: [], refusal: { status: 401 }, isConnected: false });
  hub.behaviours = [{}];
  feed.read().retry();
  await isLive(feed);
  await expect.poll(() => seqs(feed)).toEqual([2, 1]);
  expect(feed.read().refusal).toBeNull();
  unwatch();
});

it("tells the next reader of no gap in what the former one was shown", async () => {
  hub.append(3);
  const { feed } = open({ since: 9 });
  await expect.poll(() => feed.read().hasGap).toBe(true);
  hub.behaviours = [{ answer: (response) => response.writeHead(401).end() }];
  feed.read().retry();
  await expect.poll(() => feed.read().status).toBe("denied");
  expect(feed.read()).toMatchObject({ events: [], hasGap: false });
});

it("keeps what it shows while the hub cannot be reached", async () => {
  const { feed } = open();
  await isLive(feed);
  hub.append(1);
  await expect.poll(() => seqs(feed)).toEqual([1]);
  const answer = (response: { readonly destroy: () => unknown }): unknown => response.destroy();
  hub.behaviours = [{ answer }];
  hub.pageBehaviours = [{ answer }];
  hub.questionBehaviour = { answer };
  hub.drop();
  await expect.poll(() => feed.read().status).toBe("reconnecting");
  expect(seqs(feed)).toEqual([1]);
});
