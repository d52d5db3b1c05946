import { randomInt } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { StreamGap } from "@slotwire/contract";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FlakyHub, openFlakyHub } from "../../test/flaky-hub.ts";
import type { LiveStatus } from "./live-status.ts";
import {
  type BookingEventStream,
  type StreamOptions,
  streamBookingEvents,
} from "./stream-booking-events.ts";
import { createTransport, type TransportOptions } from "../transport.ts";

let hub: FlakyHub;
let streams: BookingEventStream[];
beforeEach(async () => {
  hub = await openFlakyHub();
  streams = [];
});
afterEach(async () => {
  vi.unstubAllGlobals();
  for (const stream of streams) stream.close();
  await hub.close();
});

interface Followed {
  readonly stream: BookingEventStream;
  readonly seqs: number[];
  readonly statuses: LiveStatus[];
  readonly gaps: StreamGap[];
}

function follow(options: StreamOptions = {}, transport: TransportOptions = {}): Followed {
  const seqs: number[] = [];
  const statuses: LiveStatus[] = [];
  const gaps: StreamGap[] = [];
  const stream = streamBookingEvents(createTransport({ baseUrl: hub.baseUrl, ...transport }), {
    reconnectDelays: [1],
    onEvent: (event) => seqs.push(event.seq),
    onState: ({ status }) => statuses.at(-1) === status || statuses.push(status),
    onGap: (gap) => gaps.push(gap),
    ...options,
  });
  streams.push(stream);
  return { stream, seqs, statuses, gaps };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const until = (check: () => void): Promise<void> =>
  vi.waitFor(check, { timeout: 10_000, interval: 5 });

describe("following the log", () => {
  test("hands out every event once and in order over connections that break anywhere", async () => {
    hub.append(50);
    hub.behaviours = [...Array.from({ length: 60 }, () => ({ cutAfter: randomInt(1, 6000) })), {}];
    const { stream, seqs } = follow({ after: 0 });
    for (let round = 0; round < 30; round += 1) {
      hub.append(5);
      await until(() => expect(stream.state.lastSeq).toBeGreaterThanOrEqual(round * 4));
    }
    await until(() => expect(seqs).toHaveLength(200));
    expect(seqs).toEqual(upTo(200));
    expect(hub.positions.length).toBeGreaterThan(2);
  });

  test("starts now without a position, and keeps that place when the first connection breaks", async () => {
    hub.append(3);
    hub.behaviours = [{ cutAfter: 8 }, {}];
    const { stream, seqs } = follow();
    await until(() => expect(hub.positions).toEqual(["3", "3"]));
    hub.append(2);
    await until(() => expect(seqs).toEqual([4, 5]));
    expect(stream.state).toMatchObject({ status: "live", lastSeq: 5, error: null });
  });

  test("drops what arrives twice", async () => {
    hub.append(2);
    hub.behaviours = [{ afterwards: `id: 1\ndata: ${JSON.stringify(hub.log[0])}\n\n` }];
    const { seqs } = follow({ after: 0 });
    await until(() => expect(seqs).toEqual([1, 2]));
    hub.append(1);
    await until(() => expect(seqs).toEqual([1, 2, 3]));
  });

  test("connects anew when an event is missing, and gets it", async () => {
    hub.append(5);
    hub.behaviours = [{ skip: 3 }, {}];
    const { seqs, gaps } = follow({ after: 0 });
    await until(() => expect(seqs).toEqual([1, 2, 3, 4, 5]));
    expect(hub.positions).toEqual(["0", "2"]);
    expect(gaps).toEqual([]);
  });

  test("takes what stays away on a new connection for what is not the reader's", async () => {
    hub.append(5);
    hub.behaviours = [{ skip: 2 }];
    const { seqs, gaps } = follow({ after: 0 });
    await until(() => expect(seqs).toEqual([1, 3, 4, 5]));
    expect(hub.positions).toEqual(["0", "1"]);
    expect(gaps).toEqual([]);
  });

  test("goes on from where the hub says after a gap, even if that is further back", async () => {
    hub.append(2);
    hub.behaviours = [{ afterwards: 'event: gap\nid: 2\ndata: {"oldest":1,"newest":2}\n\n' }];
    const { stream, seqs, gaps } = follow({ after: 90 });
    await until(() => expect(gaps).toEqual([{ oldest: 1, newest: 2 }]));
    expect(stream.state.lastSeq).toBe(2);
    hub.append(1);
    await until(() => expect(seqs).toEqual([3]));
  });

  test("drops its position when the hub turns out to serve another organisation", async () => {
    hub.append(4);
    hub.behaviours = [{ organisationId: "one", cutAfter: 400 }, { organisationId: "two" }];
    const { gaps } = follow({ after: 0 });
    await until(() => expect(gaps).toHaveLength(1));
    await until(() => expect(hub.positions.at(-1)).toBe("4"));
  });

  test("goes on when a listener throws", async () => {
    const thrown: unknown[] = [];
    const collect = (error: unknown): void => void thrown.push(error);
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException").on("uncaughtException", collect);
    try {
      hub.append(3);
      const { stream } = follow({
        after: 0,
        onEvent: () => {
          throw new Error("the page's own");
        },
      });
      await until(() => expect(stream.state.lastSeq).toBe(3));
      await until(() => expect(thrown).toHaveLength(3));
    } finally {
      process.removeAllListeners("uncaughtException");
      for (const listener of others) process.on("uncaughtException", listener);
    }
  });

  test("hands out nothing more once a listener has closed it", async () => {
    hub.append(10);
    const seqs: number[] = [];
    const { stream } = follow({
      after: 0,
      onEvent: (event) => {
        seqs.push(event.seq);
        if (event.seq === 4) stream.close();
      },
    });
    await until(() => expect(stream.state.status).toBe("idle"));
    await until(() => expect(hub.openConnections()).toBe(0));
    expect(seqs).toEqual([1, 2, 3, 4]);
  });
});

describe("the state", () => {
  test("tells the whole story of a connection that breaks once", async () => {
    hub.append(1);
    hub.behaviours = [{ cutAfter: 100 }, {}];
    const { stream, statuses } = follow({ after: 0 });
    await until(() => expect(stream.state.lastSeq).toBe(1));
    stream.close();
    expect(statuses).toEqual(["connecting", "live", "reconnecting", "live", "idle"]);
    await until(() => expect(hub.openConnections()).toBe(0));
  });

  test.each([401, 403])("stops at %i until it is asked to try again", async (status) => {
    hub.behaviours = [
      {
        answer: (response) =>
          response
            .writeHead(status, { "content-type": "application/problem+json" })
            .end(JSON.stringify({ title: "No", status, code: "E_X", remedy: "", type: "" })),
      },
      {},
    ];
    const { stream } = follow();
    await until(() => expect(stream.state).toMatchObject({ status: "denied", error: "No" }));
    expect(stream.state.isSignedOut).toBe(status === 401);
    expect(hub.positions).toHaveLength(1);
    stream.retry();
    expect(stream.state.isSignedOut).toBe(false);
    await until(() => expect(stream.state.status).toBe("live"));
  });

  test.each([401, 403])(
    "after %i, a page that is looked at tries again where nobody was signed in",
    async (status) => {
      const page = stubPage();
      hub.behaviours = [{ answer: (response) => response.writeHead(status).end() }, {}];
      const { stream } = follow();
      await until(() => expect(stream.state.status).toBe("denied"));
      page.dispatchEvent(new Event("online"));
      if (status === 401) await until(() => expect(stream.state.status).toBe("live"));
      else expect([stream.state.status, hub.positions.length]).toEqual(["denied", 1]);
    },
  );

  test("asks for a fresh token and keeps its place when the hub wants it to sign in again", async () => {
    hub.append(2);
    hub.behaviours = [{ afterwards: "event: reauth\ndata: {}\n\n" }, {}];
    let token = 0;
    const { stream } = follow({ after: 0 }, { getToken: () => `token-${(token += 1)}` });
    await until(() => expect(hub.positions).toEqual(["0", "2"]));
    await until(() => expect(stream.state.status).toBe("live"));
    expect(hub.tokens).toEqual(["Bearer token-1", "Bearer token-2"]);
  });

  test("asks for another token when one was over before it arrived, once", async () => {
    const over = { answer: (response: ServerResponse): void => void response.writeHead(401).end() };
    hub.behaviours = [over, {}];
    let token = 0;
    const { stream } = follow({ after: 0 }, { getToken: () => `token-${(token += 1)}` });
    await until(() => expect(stream.state.status).toBe("live"));
    expect(hub.tokens).toEqual(["Bearer token-1", "Bearer token-2"]);
    hub.behaviours = [over];
    stream.retry();
    await until(() => expect(stream.state.status).toBe("denied"));
    expect(hub.tokens).toHaveLength(4);
  });

  test("gives a silent connection up", async () => {
    hub.behaviours = [{ dumb: true }, {}];
    const errors: (string | null)[] = [];
    const { stream } = follow({ stallTimeout: 30, onState: ({ error }) => errors.push(error) });
    await until(() => expect(errors).toContain("The connection fell silent."));
    await until(() => expect(stream.state.status).toBe("live"));
    expect(hub.positions.length).toBeGreaterThan(1);
  });

  test("waits as long as it is told to, also without end", async () => {
    const { stream, statuses } = follow({ stallTimeout: Infinity, firstByteTimeout: 2 ** 40 });
    await until(() => expect(stream.state.status).toBe("live"));
    for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setTimeout(done, 1));
    hub.append(1);
    await until(() => expect(stream.state.lastSeq).toBe(1));
    expect(statuses).toEqual(["connecting", "live"]);
    expect(hub.positions).toHaveLength(1);
  });

  test("does not take a proxy's page for a stream", async () => {
    const answer = (response: ServerResponse): void =>
      void response.writeHead(200, { "content-type": "text/html" }).end("Hi");
    hub.behaviours = [{ answer }, {}];
    hub.pageBehaviours = [{ answer }];
    const { stream, statuses } = follow();
    await until(() => expect(stream.state.status).toBe("live"));
    expect(statuses).toEqual(["connecting", "live"]);
    expect(hub.positions).toHaveLength(2);
  });

  test("waits longer and longer, and comes back at once when the network returns", async () => {
    const page = stubPage();
    const broken = { answer: (response: ServerResponse) => response.destroy() };
    hub.behaviours = [broken];
    // Where pages came through, they would be asked for instead of waiting.
    hub.pageBehaviours = [broken];
    const { stream } = follow({ reconnectDelays: [1, 1, 60_000] });
    await until(() => expect(hub.positions).toHaveLength(3));
    hub.behaviours = [{}];
    hub.pageBehaviours = [{}];
    page.dispatchEvent(new Event("online"));
    await until(() => expect(stream.state.status).toBe("live"));
  });

  test("waits also where no delay is given", async () => {
    const broken = { answer: (response: ServerResponse) => response.destroy() };
    hub.behaviours = [broken];
    hub.pageBehaviours = [broken];
    const { stream } = follow({ after: 0, reconnectDelays: [] });
    await until(() => expect(stream.state.error).not.toBeNull());
    for (let turn = 0; turn < 30; turn += 1) await new Promise((done) => setTimeout(done, 1));
    expect(hub.positions).toHaveLength(1);
  });

  test("is offline as soon as the network goes, though the connection does not break", async () => {
    const page = stubPage();
    hub.append(2);
    const { stream, seqs } = follow({ after: 0, reconnectDelays: [60_000] });
    await until(() => expect(stream.state.lastSeq).toBe(2));

    hub.behaviours = [{ answer: (response) => response.destroy() }];
    vi.stubGlobal("navigator", { onLine: false });
    page.dispatchEvent(new Event("offline"));
    await until(() => expect(stream.state.status).toBe("offline"));

    hub.append(1);
    hub.behaviours = [{}];
    vi.stubGlobal("navigator", { onLine: true });
    page.dispatchEvent(new Event("online"));
    await until(() => expect(seqs).toEqual([1, 2, 3]));
    expect(stream.state.status).toBe("live");
  });
});

describe("coming back to a page", () => {
  const lookAway = (seconds: number): void => {
    const later = Date.now() + seconds * 1000;
    vi.spyOn(Date, "now").mockImplementation(() => later);
  };
  afterEach(() => void vi.restoreAllMocks());

  test("asks at once whether a silent connection lives, without a word where it does", async () => {
    const page = stubPage();
    hub.append(1);
    const { stream, statuses } = follow({ after: 0 });
    await until(() => expect(stream.state.lastSeq).toBe(1));
    page.dispatchEvent(new Event("online"));
    expect(hub.positions).toHaveLength(1);
    lookAway(6);
    page.dispatchEvent(new Event("online"));
    await until(() => expect(hub.positions).toEqual(["0", "1"]));
    hub.append(1);
    await until(() => expect(stream.state.lastSeq).toBe(2));
    expect(statuses).toEqual(["connecting", "live"]);
  });

  test("says so soon where it does not", async () => {
    const page = stubPage();
    const { stream, statuses } = follow({ after: 0, firstByteTimeout: 60_000 });
    await until(() => expect(stream.state.status).toBe("live"));
    hub.behaviours = [{ answer: () => {} }];
    lookAway(6);
    page.dispatchEvent(new Event("online"));
    await until(() => expect(statuses).toEqual(["connecting", "live", "reconnecting"]));
  });
});

test("a connection without heartbeats is given up soon after the first one that is missing", async () => {
  hub.behaviours = [{ dumb: true }];
  const { stream } = follow({ after: 0 });
  await until(() => expect(stream.state.status).toBe("live"));
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    hub.behaviours = [{ dumb: true }, { answer: () => {} }];
    stream.retry();
    await vi.waitFor(() => expect(hub.positions).toHaveLength(2));
    await vi.waitFor(() => expect(stream.state.status).toBe("live"));
    vi.advanceTimersByTime(30_000);
    expect(stream.state.status).toBe("live");
    vi.advanceTimersByTime(6000);
    await vi.waitFor(() => expect(stream.state.error).toBe("The connection fell silent."));
  } finally {
    vi.useRealTimers();
  }
});

describe("where streams are held back", () => {
  const fast = { firstByteTimeout: 500, pollingTime: 60_000 };
  const refuse = (response: ServerResponse): void => void response.destroy();

  test("asks for pages, one after the other, and misses nothing", async () => {
    hub.append(3);
    hub.pageSize = 2;
    hub.behaviours = [{ silent: true }];
    const { stream, seqs, statuses } = follow({ after: 0, ...fast });
    await until(() => expect(seqs).toEqual([1, 2, 3]));
    hub.append(2);
    await until(() => expect(seqs).toEqual(upTo(5)));
    expect(statuses).toEqual(["connecting", "polling"]);
    expect(stream.state).toMatchObject({ lastSeq: 5, error: null });
    await until(() => expect(hub.pages.at(-1)).toEqual({ after: "5", wait: "20" }));
    expect(hub.pages.map(({ after }) => after)).toEqual(["0", "2", "3", "5"]);
    expect(hub.positions).toEqual(["0"]);
  });

  test("starts now without a position", async () => {
    hub.append(3);
    hub.behaviours = [{ silent: true }];
    const { stream, seqs } = follow(fast);
    await until(() => expect(stream.state).toMatchObject({ status: "polling", lastSeq: 3 }));
    hub.append(1);
    await until(() => expect(seqs).toEqual([4]));
  });

  test("loses nothing where even the head of the stream is held back", async () => {
    hub.append(3);
    hub.behaviours = [{ answer: () => {} }];
    const { stream, seqs, statuses } = follow({ ...fast, firstByteTimeout: 500 });
    // Between subscribing and the first page of polling.
    await until(() => expect(hub.positions).toEqual(["3"]));
    hub.append(2);
    await until(() => expect(seqs).toEqual([4, 5]));
    expect(statuses).toEqual(["connecting", "polling"]);
    expect(stream.state.error).toBeNull();
  });

  test("goes on asking for pages while it tries the stream again", async () => {
    const html = { "content-type": "text/html" };
    hub.behaviours = [
      { answer: (response) => response.writeHead(200, html).end("Hi") },
      // This one is tried for the rest of the test.
      { answer: () => {} },
    ];
    const { stream, seqs } = follow({ firstByteTimeout: 60_000, pollingTime: 0 });
    await until(() => expect(hub.positions).toHaveLength(2));
    hub.append(1);
    await until(() => expect(seqs).toEqual([1]));
    hub.append(1);
    await until(() => expect(seqs).toEqual([1, 2]));
    expect(stream.state.status).toBe("polling");
  });

  test("tries the stream again after a while, and goes on there", async () => {
    hub.append(2);
    hub.behaviours = [{ silent: true }, { silent: true }, {}];
    const { stream, seqs, statuses } = follow({ after: 0, ...fast, pollingTime: 0 });
    await until(() => expect(stream.state.status).toBe("live"));
    hub.append(1);
    await until(() => expect(seqs).toEqual([1, 2, 3]));
    expect(statuses).toEqual(["connecting", "polling", "live"]);
    expect(hub.positions).toEqual(["0", "2", "2"]);
  });

  test("tries the stream again though the device's clock was set back", async () => {
    hub.append(1);
    hub.behaviours = [{ silent: true }, {}];
    const { stream } = follow({ after: 0, ...fast, pollingTime: 50 });
    await until(() => expect(hub.pages).toHaveLength(2));
    vi.spyOn(Date, "now").mockReturnValue(0);
    try {
      const over = performance.now() + 50;
      await until(() => expect(performance.now()).toBeGreaterThan(over));
      // Ends the page that waits.
      hub.append(1);
      await until(() => expect(stream.state.status).toBe("live"));
    } finally {
      vi.restoreAllMocks();
    }
  });

  test("tries it at once when the network returns", async () => {
    const page = stubPage();
    hub.behaviours = [{ silent: true }, {}];
    const { stream } = follow(fast);
    await until(() => expect(stream.state.status).toBe("polling"));
    page.dispatchEvent(new Event("online"));
    await until(() => expect(stream.state.status).toBe("live"));
    expect(hub.positions).toHaveLength(2);
  });

  test("asks for pages when something answers in the stream's place", async () => {
    hub.behaviours = [
      { answer: (response) => response.writeHead(200, { "content-type": "text/html" }).end("Hi") },
    ];
    const { stream } = follow(fast);
    await until(() => expect(stream.state.status).toBe("polling"));
    expect(hub.positions).toHaveLength(1);
  });

  test("asks for pages when streams keep failing while those come through", async () => {
    hub.behaviours = [{ answer: refuse }];
    const { stream, seqs } = follow({ after: 0, ...fast });
    await until(() => expect(stream.state.status).toBe("polling"));
    hub.append(1);
    await until(() => expect(seqs).toEqual([1]));
    expect(hub.positions).toHaveLength(4);
  });

  test("goes back to the stream when the hub was only away", async () => {
    hub.behaviours = [{ answer: refuse }, { answer: refuse }, { answer: refuse }, {}];
    const { stream, statuses } = follow({ after: 0, ...fast });
    await until(() => expect(stream.state.status).toBe("live"));
    expect(statuses).toEqual(["connecting", "live"]);
    expect(hub.pages).toHaveLength(1);
  });

  test("hears of gaps from pages", async () => {
    hub.append(2);
    hub.behaviours = [{ silent: true }];
    const { seqs, gaps } = follow({ after: 90, ...fast });
    await until(() => expect(gaps).toEqual([{ oldest: 1, newest: 2 }]));
    hub.append(1);
    await until(() => expect(seqs).toEqual([3]));
  });

  test.each([401, 403])(
    "stops when a page beside a trial of the stream is answered with %i",
    async (status) => {
      const html = { "content-type": "text/html" };
      hub.behaviours = [
        { answer: (response) => response.writeHead(200, html).end("Hi") },
        // This one is tried for the rest of the test.
        { answer: () => {} },
      ];
      hub.pageBehaviours = [{}, { answer: (response) => response.writeHead(status).end() }];
      const { stream } = follow({ after: 0, firstByteTimeout: 60_000, pollingTime: 0 });
      await until(() => expect(stream.state.status).toBe("denied"));
      expect(hub.pages).toHaveLength(2);
      expect(stream.state.isSignedOut).toBe(status === 401);
    },
  );

  test.each([401, 403])("stops when a page is answered with %i", async (status) => {
    hub.behaviours = [{ silent: true }];
    hub.pageBehaviours = [{}, { answer: (response) => response.writeHead(status).end() }];
    const { stream, statuses } = follow({ after: 0, ...fast });
    await until(() => expect(stream.state.status).toBe("denied"));
    expect(statuses).toEqual(["connecting", "polling", "denied"]);
    expect(hub.positions).toHaveLength(1);
  });
});

describe("what pages, proxies and hubs do wrong", () => {
  const problem = (status: number, headers = {}) => ({
    answer: (response: ServerResponse): void => void response.writeHead(status, headers).end(),
  });

  test("a token that never comes holds nothing up for ever, nor what asks again", async () => {
    let asked = 0;
    const never = new Promise<string>(() => {});
    const getToken = (): string | Promise<string> => ((asked += 1) < 3 ? never : "token");
    const { stream } = follow({ after: 0, firstByteTimeout: 500, pollingTime: 1 }, { getToken });
    await until(() => expect(asked).toBe(1));
    stream.retry();
    await until(() => expect(asked).toBe(2));
    await until(() => expect(stream.state.status).toBe("live"));
  });

  test("a getToken that throws is asked again", async () => {
    let asked = 0;
    const getToken = (): string => {
      asked += 1;
      if (asked === 1) throw new Error("No server for tokens.");
      return "token";
    };
    const errors: (string | null)[] = [];
    const { stream } = follow(
      { after: 0, onState: ({ error }) => errors.push(error) },
      { getToken },
    );
    await until(() => expect(stream.state.status).toBe("live"));
    expect(errors).toContain("No server for tokens.");
  });

  test("a hub that asks for another connection on each of them is not asked without a pause", async () => {
    hub.behaviours = [{ afterwards: "event: reauth\ndata: {}\n\n" }];
    const { stream } = follow({ reconnectDelays: [60_000] });
    await until(() => expect(stream.state.error).not.toBeNull());
    expect(hub.positions).toHaveLength(2);
  });

  test("answers that change their organisation each time are not asked for without a pause", async () => {
    const afterwards = "event: reauth\ndata: {}\n\n";
    hub.behaviours = [1, 2, 3, 4].map((n) => ({ organisationId: `o${n}`, afterwards }));
    const { gaps } = follow({ reconnectDelays: [60_000] });
    await until(() => expect(gaps).toHaveLength(1));
    await until(() => expect(hub.openConnections()).toBe(0));
    expect(hub.positions).toHaveLength(2);
  });

  test.each([429, 503])("a wish for patience is respected: %i", async (status) => {
    const page = stubPage();
    // Longer than timers can wait: they would be over at once.
    hub.behaviours = [problem(status, { "retry-after": "9999999" })];
    hub.pageBehaviours = [problem(status, { "retry-after": "9999999" })];
    const { stream } = follow();
    await until(() => expect(stream.state.error).not.toBeNull());
    for (let turn = 0; turn < 30; turn += 1) await new Promise((done) => setTimeout(done, 1));
    expect(hub.positions).toHaveLength(1);
    expect(hub.pages).toHaveLength(0);
    hub.behaviours = [{}];
    page.dispatchEvent(new Event("online"));
    await until(() => expect(stream.state.status).toBe("live"));
  });

  test("a page that was kept by something in between is not asked for without end", async () => {
    hub.append(3);
    const kept = { data: [], position: 0, more: true, gap: null, provider_emails: null };
    hub.behaviours = [{ silent: true }];
    hub.pageBehaviours = [
      {
        answer: (response) =>
          response
            .writeHead(200, { "content-type": "application/json" })
            .end(JSON.stringify({ ...kept, user_id: null })),
      },
    ];
    const { stream } = follow({ after: 0, firstByteTimeout: 500, pollingTime: 60_000 });
    await until(() => expect(stream.state.status).toBe("polling"));
    for (let turn = 0; turn < 30; turn += 1) await new Promise((done) => setTimeout(done, 1));
    expect(hub.pages.length).toBeLessThan(4);
  });

  test("the page's first showing does not make the connection anew", async () => {
    const page = stubPage();
    hub.behaviours = [{ silent: true }];
    const { stream } = follow({ firstByteTimeout: 60_000 });
    await until(() => expect(hub.positions).toHaveLength(1));
    page.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: false }));
    page.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
    await until(() => expect(hub.positions).toHaveLength(2));
    expect(stream.state.status).toBe("connecting");
  });

  test("an event that is no JSON is had on a page", async () => {
    hub.append(1);
    hub.behaviours = [{ skip: 1, afterwards: "id: 1\ndata: {\n\n" }];
    const { seqs } = follow({ after: 0 });
    await until(() => expect(seqs).toEqual([1]));
  });

  test("a filter that the hub refuses ends the stream, with the reason", async () => {
    const body = { type: "t", title: "No", status: 422, code: "E_VALIDATION", remedy: "Look." };
    hub.behaviours = [{ answer: (response) => response.writeHead(422).end(JSON.stringify(body)) }];
    const errors: unknown[] = [];
    const { stream } = follow({ bookingId: "x", onError: (error) => errors.push(error.code) });
    await until(() => expect(stream.state).toMatchObject({ status: "denied", error: "No" }));
    expect([errors, hub.positions.length]).toEqual([["E_VALIDATION"], 1]);
  });
});

/** Makes the global object an event target, as it is in a browser's window and in its workers. */
function stubPage(): EventTarget {
  const page = new EventTarget();
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
  return page;
}
