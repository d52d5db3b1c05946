import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FlakyHub, openFlakyHub } from "../../test/flaky-hub.ts";
import { createTransport, type TransportOptions } from "../transport.ts";
import { createLiveFeed, type LiveFeed } from "./live-feed.ts";
import { readerName } from "./reader-name.ts";

// Node has the channels and locks of a browser; it only has no tabs.
let hub: FlakyHub;
let feeds: LiveFeed[];
beforeEach(async () => {
  vi.stubGlobal("isSecureContext", true);
  hub = await openFlakyHub();
  feeds = [];
});
afterEach(async () => {
  for (const feed of feeds) feed.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  await hub.close();
});

const until = (check: () => void): Promise<void> =>
  vi.waitFor(check, { timeout: 5000, interval: 5 });

function openTab(options: TransportOptions = {}) {
  const feed = createLiveFeed(createTransport({ baseUrl: hub.baseUrl, ...options }), {
    reconnectDelays: [5],
    // The hub of the tests sends no heartbeats.
    stallTimeout: Infinity,
  });
  feeds.push(feed);
  const seqs: number[] = [];
  const gaps: unknown[] = [];
  feed.subscribe({ onEvent: ({ seq }) => seqs.push(seq), onGap: (gap) => gaps.push(gap) });
  return { feed, seqs, gaps };
}
const isLive = ({ feed }: { readonly feed: LiveFeed }): Promise<void> =>
  until(() => expect(feed.state.status).toBe("live"));
const turns = async (count: number): Promise<void> => {
  for (let left = count; left > 0; left -= 1)
    await new Promise((resolve) => setTimeout(resolve, 1));
};
const refuse = {
  answer: (to: { writeHead(status: number): { end(): unknown } }) => void to.writeHead(401).end(),
};

test("a tab that a listener closes as it takes over leaves the connection to others", async () => {
  const first = openTab();
  await isLive(first);
  const second = openTab();
  await isLive(second);
  second.feed.watch(() => {
    const { status } = second.feed.state;
    if (status === "connecting" || status === "reconnecting") second.feed.close();
  });
  first.feed.close();
  await until(() => expect(second.feed.state.status).toBe("idle"));
  await until(() => expect(hub.openConnections()).toBe(0));
  const asked = hub.positions.length;
  await turns(50);
  expect(hub.positions).toHaveLength(asked);
});

test("a tab that is opened while another one is denied tries for itself, once", async () => {
  hub.behaviours = [refuse];
  const first = openTab();
  await until(() => expect(first.feed.state.status).toBe("denied"));
  // Meanwhile somebody has signed in.
  hub.behaviours = [{}];
  const second = openTab();
  await isLive(second);
  await isLive(first);
  hub.append(1);
  await until(() => expect([first.seqs, second.seqs]).toEqual([[1], [1]]));
});

test("tabs that are all denied leave the hub alone", async () => {
  hub.behaviours = [refuse];
  const tabs = [openTab(), openTab(), openTab()];
  for (const { feed } of tabs) await until(() => expect(feed.state.status).toBe("denied"));
  await turns(30);
  const asked = hub.positions.length;
  expect(asked).toBeLessThan(7);
  await turns(100);
  expect(hub.positions).toHaveLength(asked);
});

test("a reader whose name is not found out has a connection of its own", async () => {
  let asked = 0;
  const getToken = (): Promise<string> => {
    asked += 1;
    // The first one never comes.
    return asked === 1 ? new Promise(() => {}) : Promise.resolve("token");
  };
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const tab = openTab({ getToken });
  await vi.waitFor(() => expect(asked).toBe(1));
  await vi.advanceTimersByTimeAsync(6000);
  vi.useRealTimers();
  await isLive(tab);
});

test("asking to connect anew before the name is known takes no other reader's lock", async () => {
  const names: (string | undefined)[] = [];
  const request = vi.spyOn(navigator.locks, "request");
  request.mockImplementation((name: string) => {
    names.push(name);
    return Promise.resolve();
  });
  let hand = (_token: string): void => {};
  const tab = openTab({ getToken: () => new Promise((resolve) => (hand = resolve)) });
  await turns(20);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  tab.feed.retry();
  await vi.advanceTimersByTimeAsync(4500);
  expect(names).toEqual([]);
  hand("token");
  request.mockRestore();
});

describe("when somebody else signs in", () => {
  const [owner, staff] = [
    { organisationId: "one", reader: "user:owner" },
    { organisationId: "one", reader: "user:staff" },
  ];
  const isElsewhere = { oldest: 0, newest: 0 };

  test("all tabs begin anew as that one", async () => {
    hub.behaviours = [owner];
    const tabs = [openTab(), openTab(), openTab()];
    for (const tab of tabs) await isLive(tab);
    hub.append(2);
    for (const { seqs } of tabs) await until(() => expect(seqs).toEqual([1, 2]));
    hub.behaviours = [staff];
    hub.drop();
    for (const { gaps } of tabs) await until(() => expect(gaps).toEqual([isElsewhere]));
    for (const { feed } of tabs) await until(() => expect(feed.state.lastSeq).toBe(2));
    hub.append(1);
    for (const { seqs } of tabs) await until(() => expect(seqs).toEqual([1, 2, 3]));
    expect(tabs.map(({ feed }) => feed.state.gapCount)).toEqual([1, 1, 1]);
    expect(hub.openConnections()).toBe(1);
  });

  test("a new tab takes nothing that the former one's connection still brings", async () => {
    // The connection does not end, and asking for another one brings the same.
    hub.behaviours = [owner];
    const former = openTab();
    await isLive(former);
    hub.questionBehaviour = staff;
    const tab = openTab();
    await until(() => expect(hub.questions).toBe(2));
    hub.append(3);
    await until(() => expect(former.seqs).toEqual([1, 2, 3]));
    await turns(20);
    expect(tab.seqs).toEqual([]);
    // By now it reads as whoever has signed in, and what was held back from the new tab comes.
    hub.behaviours = [staff];
    hub.drop();
    await until(() => expect(tab.seqs).toEqual([1, 2, 3]));
    expect([former.gaps, tab.gaps]).toEqual([[isElsewhere], []]);
  });

  test("a tab whose reader was replaced takes nothing of the new one's before it has begun anew", async () => {
    hub.behaviours = [owner];
    const former = [openTab(), openTab()];
    for (const tab of former) await isLive(tab);
    hub.append(1);
    for (const { seqs } of former) await until(() => expect(seqs).toEqual([1]));
    const name = await readerName(createTransport({ baseUrl: hub.baseUrl }));
    const other = new BroadcastChannel(name);
    const [from, event] = [1, { ...hub.log[0], seq: 2 }];
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is no window
    other.postMessage(["log", { whose: "one user:staff", from, to: 2, events: [event] }]);
    await until(() => expect(hub.questions).toBeGreaterThan(2));
    await turns(20);
    expect(former.map(({ seqs }) => seqs)).toEqual([[1], [1]]);
    hub.add({ description: "after" });
    for (const { seqs } of former) await until(() => expect(seqs).toEqual([1, 2]));
    expect(former.map(({ gaps }) => gaps)).toEqual([[], []]);
    other.close();
  });
});

describe("tabs that take each other for the same reader", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  /** Two by one name. @param ofFirst the token of the first tab once both are there */
  const openTwo = async (ofFirst: string) => {
    let token = "a";
    const first = openTab({ getToken: () => token });
    await isLive(first);
    const second = openTab({ getToken: () => "a" });
    await isLive(second);
    token = ofFirst;
    return [first, second] as const;
  };
  /** Lets a minute pass, in which whoever would take the lock does, and the hub answers within each second. */
  const waitLong = async (): Promise<void> => {
    for (let second = 0; second < 60; second += 1) {
      await vi.advanceTimersByTimeAsync(1000);
      const answered = performance.now() + 8;
      while (performance.now() < answered) await new Promise(setImmediate);
    }
  };
  const as = (reader: string) => ({ organisationId: "one", reader: `user:${reader}` });

  test("each have a connection of their own when one of them becomes another", async () => {
    hub.byToken = (token = "") => as(token);
    const [first, second] = await openTwo("b");
    hub.drop();
    await until(() => expect(first.gaps).toHaveLength(1));
    await waitLong();
    const opened = hub.positions.length;
    await waitLong();
    expect([hub.positions.length, hub.openConnections()]).toEqual([opened, 2]);
    hub.append(1);
    for (const { seqs } of [first, second]) await until(() => expect(seqs).toEqual([1]));
    expect([first.gaps.length, second.gaps.length]).toEqual([1, 0]);
  });

  test("are left alone by one that the hub refuses", async () => {
    hub.byToken = (token = "") => (token === "over" ? refuse : as("a"));
    const good = openTab({ getToken: () => "a" });
    await isLive(good);
    // Its token is over, and it gets no other one.
    let asked = 0;
    const bad = openTab({ getToken: () => ((asked += 1) === 1 ? "a" : "over") });
    await waitLong();
    const opened = hub.positions.length;
    await waitLong();
    expect(hub.positions).toHaveLength(opened);
    expect(good.feed.state.status).toBe("live");
    expect(bad.feed.state.status).toBe("denied");
    hub.append(1);
    await until(() => expect(good.seqs).toEqual([1]));
  });
});

test.each([
  ["of another version", ["state", { status: "new", lastSyncedAt: null, error: null }, null]],
  ["without sense", { status: "live" }],
  [
    "with an event of another shape",
    ["log", { whose: null, from: 0, to: 1, events: [{ seq: 1 }] }],
  ],
])("a message %s changes nothing", async (_what, message) => {
  const tabs = [openTab(), openTab()];
  for (const tab of tabs) await isLive(tab);
  const other = new BroadcastChannel(await readerName(createTransport({ baseUrl: hub.baseUrl })));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is no window
  other.postMessage(message);
  await turns(20);
  hub.append(2);
  for (const { seqs } of tabs) await until(() => expect(seqs).toEqual([1, 2]));
  expect(tabs.map(({ feed }) => feed.state.status)).toEqual(["live", "live"]);
  expect(hub.positions).toHaveLength(1);
  other.close();
});
