import { randomInt } from "node:crypto";
import type { Socket } from "node:net";
import { bookingEventSchema, type BookingEvent } from "@slotwire/contract";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  book,
  bookAndWake,
  createStreamTestHub,
  startStreamNode,
  type StreamNode,
} from "../../../test/stream-hub.ts";
import {
  type Browser,
  createTestPerson,
  openBrowser,
  type TestPerson,
} from "../../../test/person-fixture.ts";
import {
  readStream,
  type StreamReader,
  type StreamReaderOptions,
} from "../../../test/stream-reader.ts";
import { createTestKey } from "../../../test/key-fixture.ts";
import { createTestOrganisation } from "../../../test/test-database.ts";
import { type TestHub, testApiKey, withKey } from "../../../test/test-hub.ts";
import { untilOneWaits } from "../../../test/until-one-waits.ts";
import { until } from "../../../test/until.ts";
import { system } from "../../db/database.ts";
import type { Hub } from "../app.types.ts";
import type { StreamRouteOptions } from "./stream.ts";

let test: TestHub;
let nodes: StreamNode[] = [];
let readers: StreamReader[] = [];

beforeAll(async () => {
  test = await createStreamTestHub();
});
afterEach(async () => {
  for (const reader of readers) reader.close();
  await Promise.all(nodes.map((node) => node.close()));
  nodes = [];
  readers = [];
});
afterAll(() => test.close());

/** A node of its own for a new organisation, whose API key is the tests'. */
async function open(options: StreamRouteOptions = {}, port?: number) {
  const { orgId } = await createTestOrganisation(test.hub.db);
  const hub: Hub = { ...test.hub, defaultOrgId: orgId };
  const node = await startStreamNode(hub, options, port);
  nodes.push(node);
  return { hub, orgId, url: node.url, node };
}

async function read(url: string, options: StreamReaderOptions = {}): Promise<StreamReader> {
  const reader = await readStream(url, options);
  readers.push(reader);
  return reader;
}

const password = "three tame otters";

async function signInAnew(browser: Browser): Promise<void> {
  const answer = await browser.openLink(await createTestPerson(test.hub));
  expect(answer.statusCode, answer.body).toBeLessThan(300);
}

async function changePassword(browser: Browser): Promise<void> {
  const change = { current_password: password, password: "seven quiet herons" };
  const answer = await browser.request("PUT", "/api/v1/account/password", change);
  expect(answer.statusCode, answer.body).toBeLessThan(300);
}

const seqs = ({ events }: StreamReader): number[] => events.map((event) => event.seq);
const from = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe("GET /api/v1/stream", () => {
  it("opens with a retry line and a comment, uncompressed, never stored, never collected", async () => {
    const { url, orgId } = await open();
    const reader = await read(url, { headers: { ...withKey, "accept-encoding": "gzip, br" } });
    await until(() => reader.text() !== "");
    expect(reader.status).toBe(200);
    expect(reader.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
      "slotwire-organisation": orgId,
    });
    expect(reader.headers["content-encoding"]).toBeUndefined();
    expect(reader.text()).toBe(": open\nretry: 1000\nid: 0\n\n");
  });

  it("sends events as they are committed, each as the contract describes it", async () => {
    const { url, hub, orgId } = await open();
    const reader = await read(url);
    await bookAndWake(hub, orgId, 2);
    await until(() => reader.events.length === 2);
    expect(seqs(reader)).toEqual([1, 2]);
    for (const event of reader.events) {
      expect(bookingEventSchema.parse(event)).toEqual(event);
      expect(event.data.booking?.id).toBe(event.booking_id);
    }
  });

  it("starts now without a position, and says where that is", async () => {
    const { url, hub, orgId } = await open();
    await book(hub.db, orgId, 3);
    const reader = await read(url);
    await bookAndWake(hub, orgId, 1);
    await until(() => reader.events.length > 0);
    expect(seqs(reader)).toEqual([4]);
    expect(reader.ids[0]).toBe("3");
  });

  it("resumes behind `after`, and the header Last-Event-ID wins over it", async () => {
    const { url, hub, orgId } = await open();
    await book(hub.db, orgId, 5);
    const byQuery = await read(url, { query: "after=2" });
    const headers = { ...withKey, "last-event-id": "4" };
    const byHeader = await read(url, { query: "after=2", headers });
    const empty = await read(url, {
      query: "after=3",
      headers: { ...withKey, "last-event-id": "" },
    });
    await until(() => byQuery.events.length === 3 && byHeader.events.length === 1);
    await until(() => empty.events.length === 2);
    expect(seqs(byQuery)).toEqual([3, 4, 5]);
    expect(seqs(byHeader)).toEqual([5]);
    expect(byQuery.text().startsWith(": open\nretry: 1000\n\n")).toBe(true);
  });

  it("reads a long log page by page and joins the end of it", async () => {
    const { url, hub, orgId } = await open();
    await book(hub.db, orgId, 1234);
    const reader = await read(url, { query: "after=0" });
    await bookAndWake(hub, orgId, 10);
    await until(() => reader.events.length >= 1244);
    expect(seqs(reader)).toEqual(from(1, 1244));
  });

  it("finds by polling what nobody woke it for", async () => {
    const { url, hub, orgId } = await open({ pollInterval: 20 });
    const reader = await read(url);
    await book(hub.db, orgId, 1);
    await until(() => reader.events.length === 1);
  });

  it("filters by type and booking, and moves the position past what it leaves out", async () => {
    const { url, hub, orgId } = await open({ timing: { heartbeat: 20, drain: 1000 } });
    await book(hub.db, orgId, 3);
    const all = await read(url, { query: "after=0" });
    await until(() => all.events.length === 3);
    const bookingId = all.events[1]?.booking_id;
    const one = await read(url, { query: `after=0&booking_id=${bookingId}` });
    const none = await read(url, { query: "after=0&types=booking.cancelled,booking.rescheduled" });
    await until(() => one.events.length === 1 && none.ids.includes("3"));
    expect(seqs(one)).toEqual([2]);
    expect(none.events).toEqual([]);
  });

  it("shows one organisation nothing of another", async () => {
    const one = await open();
    const two = await open();
    const [first, second] = [await read(one.url), await read(two.url)];
    await bookAndWake(one.hub, one.orgId, 3);
    await bookAndWake(two.hub, two.orgId, 1);
    await until(() => first.events.length === 3 && second.events.length === 1);
    await bookAndWake(one.hub, one.orgId, 1);
    await until(() => first.events.length === 4);
    expect(seqs(first)).toEqual([1, 2, 3, 4]);
    expect(seqs(second)).toEqual([1]);
    const owned = new Set(first.events.map((event) => event.booking_id));
    expect(second.events.some((event) => owned.has(event.booking_id))).toBe(false);
  });
});

describe("a reader that cannot go on where it was", () => {
  it("is told of the gap when the log was restored from an older backup", async () => {
    const { url, hub, orgId } = await open();
    await book(hub.db, orgId, 3);
    const reader = await read(url, { query: "after=90" });
    await until(() => reader.text().includes("gap"));
    expect(reader.text()).toContain('event: gap\nid: 3\ndata: {"oldest":1,"newest":3}\n\n');
    await bookAndWake(hub, orgId, 1);
    await until(() => reader.events.length === 1);
    expect(seqs(reader)).toEqual([4]);
  });

  it("is told of the gap when the log no longer reaches back, and gets what there is", async () => {
    const { url, hub, orgId } = await open();
    await book(hub.db, orgId, 5);
    await hub.db.transaction(system, (tx) =>
      tx.query("DELETE FROM booking_event WHERE org_id = $1 AND seq < 4", [orgId]),
    );
    const reader = await read(url, { query: "after=1" });
    await until(() => reader.events.length === 2);
    expect(reader.text()).toContain('event: gap\nid: 3\ndata: {"oldest":4,"newest":5}\n\n');
    expect(seqs(reader)).toEqual([4, 5]);
  });

  it("is told of the gap when nothing of the log is left", async () => {
    const { url, hub, orgId } = await open();
    await book(hub.db, orgId, 5);
    await hub.db.transaction(system, (tx) =>
      tx.query("DELETE FROM booking_event WHERE org_id = $1", [orgId]),
    );
    const reader = await read(url, { query: "after=1" });
    await until(() => reader.text().includes("gap"));
    await bookAndWake(hub, orgId, 1);
    await until(() => reader.events.length === 1);
    expect(seqs(reader)).toEqual([6]);
  });
});

describe("who may read", () => {
  it.each(["after=-1", "after=1.5", "after=x", "after=99999999999999999", "after="])(
    "answers %s with a problem document",
    async (query) => {
      const { node } = await open();
      const answer = await node.app.inject({ url: `/api/v1/stream?${query}`, headers: withKey });
      expect(answer.statusCode).toBe(400);
      expect(answer.headers["content-type"]).toContain("application/problem+json");
      expect(answer.json()).toMatchObject({
        code: "E_CURSOR",
        remedy: "Come back with the last `id` that you saw as `after`, or begin anew without it.",
      });
    },
  );

  it("answers a filter that it does not know with 422, and nobody with 401", async () => {
    const { node } = await open();
    const url = "/api/v1/stream?types=booking.created,nonsense";
    expect((await node.app.inject({ url, headers: withKey })).statusCode).toBe(422);
    expect((await node.app.inject({ url: "/api/v1/stream" })).statusCode).toBe(401);
    const head = await node.app.inject({ method: "HEAD", url: "/api/v1/stream", headers: withKey });
    expect(head.statusCode).toBe(404);
  });

  it("shows an idle reader that it lives", async () => {
    const { url } = await open({ timing: { heartbeat: 20, drain: 1000 } });
    const reader = await read(url, { query: "after=0" });
    await until(() => reader.text().split(": heartbeat\n\n").length > 3);
    expect(reader.ids).toEqual([]);
  });

  it("asks a reader to sign in again when the session is over, and ends", async () => {
    const node = await startStreamNode(test.hub, { timing: { heartbeat: 20, drain: 1000 } });
    nodes.push(node);
    const headers = await test.signIn();
    const reader = await read(node.url, { headers });
    await until(() => reader.text().includes(": heartbeat"));
    await test.hub.db.transaction(system, (tx) => tx.query("DELETE FROM session"));
    await reader.ended;
    expect(reader.text()).toContain("event: reauth\ndata: {}\n\n");
    expect((await read(node.url, { headers })).status).toBe(401);
  });

  it.each([
    ["demoted", "PATCH", { role: "viewer" }],
    ["made less, and shown the same", "PATCH", { role: "admin" }],
    ["removed", "DELETE", null],
  ] as const)("ends the stream of a member who is %s at once", async (_what, method, change) => {
    // At its next heartbeat the stream would find out too, long after the end of this test.
    const node = await startStreamNode(test.hub, { timing: { heartbeat: 600_000, drain: 1000 } });
    nodes.push(node);
    const [person, other] = [await createTestPerson(test.hub), await createTestPerson(test.hub)];
    const follow = async (who: TestPerson): Promise<StreamReader> => {
      const browser = openBrowser(test.app, test.hub);
      await browser.signIn(who);
      return read(node.url, { headers: { cookie: browser.cookie } });
    };
    const [theirs, others] = [await follow(person), await follow(other)];
    const url = `/api/v1/members/${person.userId}`;
    const payload = change === null ? {} : { payload: change };
    const owner = await test.signIn();
    const answer = await test.app.inject({ method, url, headers: owner, ...payload });
    expect(answer.statusCode, answer.body).toBeLessThan(300);
    await theirs.ended;
    expect(theirs.text()).toContain("event: reauth");
    await until(() => others.text().includes(": heartbeat"));
    expect(others.text()).not.toContain("event: reauth");
  });

  it.each<readonly [string, (browser: Browser, other: Browser) => Promise<unknown>]>([
    ["signed out", (browser) => browser.request("DELETE", "/api/v1/session")],
    ["signed in as somebody else", (browser) => signInAnew(browser)],
    [
      "ended from another browser",
      (_browser, other) => other.request("DELETE", "/api/v1/sessions"),
    ],
    ["ended by a new password", (_browser, other) => changePassword(other)],
  ])("ends the streams of a session that was %s at once", async (_what, end) => {
    // At its next heartbeat the stream would find out too, long after the end of this test.
    const node = await startStreamNode(test.hub, { timing: { heartbeat: 600_000, drain: 1000 } });
    nodes.push(node);
    const person = await createTestPerson(test.hub, { password });
    const [browser, other] = [openBrowser(test.app, test.hub), openBrowser(test.app, test.hub)];
    for (const each of [browser, other]) await each.signIn(person);
    const reader = await read(node.url, { headers: { cookie: browser.cookie } });
    const stranger = await read(node.url, { headers: await test.signIn() });
    expect(reader.headers["slotwire-reader"]).toBe(`user:${person.userId} owner full`);
    await end(browser, other);
    await reader.ended;
    expect(reader.text()).toContain("event: reauth");
    await until(() => stranger.text().includes(": heartbeat"));
    expect(stranger.text()).not.toContain("event: reauth");
  });

  it("ends a stream whose key is revoked while it is being let in", async () => {
    const { url, hub, orgId } = await open({ timing: { heartbeat: 600_000, drain: 1000 } });
    const key = await createTestKey(hub, orgId);
    const reading = await hub.db.transaction(system, async (tx) => {
      await tx.query("UPDATE api_key SET revoked_at = now() WHERE id = $1", [key.id]);
      const asked = read(url, { headers: key.headers });
      // It was looked up, and its use cannot be noted. The embedded engine only begins afterwards.
      if (hub.db.engine === "postgres") await untilOneWaits(hub.db);
      const told = new Promise<void>((resolve) => hub.wake.on("keys", resolve));
      hub.keys.changed();
      await told;
      return { asked };
    });
    const reader = await reading.asked;
    await reader.ended;
    expect(reader.status === 401 || reader.text().includes("event: reauth")).toBe(true);
  });

  it("ends a stream whose reader switched to another organisation", async () => {
    const node = await startStreamNode(test.hub, { timing: { heartbeat: 20, drain: 1000 } });
    nodes.push(node);
    const { orgId } = await createTestOrganisation(test.hub.db);
    const headers = await test.signIn();
    const reader = await read(node.url, { headers });
    await test.hub.db.transaction(system, async (tx) => {
      await tx.query("INSERT INTO membership (org_id, user_id, role) VALUES ($1, $2, 'admin')", [
        orgId,
        test.ownerId,
      ]);
      await tx.query("UPDATE session SET org_id_active = $1", [orgId]);
    });
    await reader.ended;
    expect(reader.text()).toContain("event: reauth");
    expect((await read(node.url, { headers })).headers["slotwire-organisation"]).toBe(orgId);
  });

  it("refuses a person's fifty-first stream, and takes it when another one has ended", async () => {
    const node = await startStreamNode(test.hub);
    nodes.push(node);
    const headers = await test.signIn();
    const opened = await Promise.all(from(1, 50).map(() => read(node.url, { headers })));
    expect(opened.every((reader) => reader.status === 200)).toBe(true);
    const refused = await read(node.url, { headers });
    expect(refused.status).toBe(429);
    expect(refused.headers["retry-after"]).toBe("10");
    opened[7]?.close();
    await until(async () => (await read(node.url, { headers })).status === 200);
  });
});

describe("over connections that break", () => {
  it("a reader that resumes gets 1..N without gap or double, wherever it was cut", async () => {
    const { url, hub, orgId } = await open();
    const total = 400;
    const received: number[] = [];
    const writing = (async () => {
      for (let written = 0; written < total; written += 10) await bookAndWake(hub, orgId, 10);
    })();
    let connections = 0;
    while (received.length < total) {
      connections += 1;
      let left = randomInt(0, 25);
      const query = `after=${received.length}`;
      const reader = await read(url, {
        query,
        onEvent: (event: BookingEvent) => {
          // What arrives in the same chunk after the cut is not looked at, as in a real crash.
          if (left < 0) return;
          received.push(event.seq);
          left -= 1;
          if (left < 0) reader.close();
        },
      });
      await until(() => left < 0 || received.length >= total);
      reader.close();
    }
    await writing;
    expect(received).toEqual(from(1, total));
    expect(connections).toBeGreaterThan(10);
  });

  it("twenty readers that hop between two nodes see all of sixteen writers' events", async () => {
    const { hub, orgId, url } = await open();
    const other = await startStreamNode(hub);
    nodes.push(other);
    const urls = [url, other.url];
    const [writers, each] = [16, 20];
    const total = writers * each;

    const hop = async (): Promise<number[]> => {
      const received: number[] = [];
      while (received.length < total) {
        const target = received.length + randomInt(1, 80);
        const reader = await read(urls[randomInt(2)] ?? url, { query: `after=${received.length}` });
        const start = received.length;
        await until(() => start + reader.events.length >= Math.min(target, total));
        received.push(...seqs(reader));
        reader.close();
      }
      return received;
    };
    const write = async (): Promise<void> => {
      for (let count = 0; count < each; count += 1) await bookAndWake(hub, orgId, 1);
    };
    const [readings] = await Promise.all([
      Promise.all(Array.from({ length: 20 }, hop)),
      Promise.all(Array.from({ length: writers }, write)),
    ]);
    for (const reading of readings) expect(reading).toEqual(from(1, total));
  });

  it("ends every stream when the node stops, and the reader resumes at its successor", async () => {
    const { url, hub, orgId, node } = await open();
    const reader = await read(url);
    await bookAndWake(hub, orgId, 1);
    await until(() => reader.events.length === 1);
    await node.close();
    await reader.ended;
    await book(hub.db, orgId, 1);
    const successor = await startStreamNode(hub, {}, Number(new URL(url).port));
    nodes.push(successor);
    const again = await read(url, { headers: { ...withKey, "last-event-id": "1" } });
    await until(() => again.events.length === 1);
    expect(seqs(again)).toEqual([2]);
  });

  it("a reader that stands still is cut, holds no memory, and resumes where it was", async () => {
    const { url, hub, orgId, node } = await open({ timing: { heartbeat: 10_000, drain: 300 } });
    const sockets: Socket[] = [];
    node.app.server.on("connection", (socket) => sockets.push(socket));
    // 40 MB of events: far more than the kernel takes for two sockets.
    for (let round = 0; round < 20; round += 1) await book(hub.db, orgId, 10, 200_000);

    const reader = await read(url, { query: "after=0" });
    reader.pause();
    let held = 0;
    await until(() => {
      held = Math.max(held, ...sockets.map((socket) => socket.writableLength));
      return sockets.every((socket) => socket.destroyed);
    });
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan(1024 * 1024);

    reader.resume();
    await reader.ended;
    const seen = reader.events.length;
    expect(seen).toBeLessThan(200);
    const again = await read(url, { query: `after=${seen}` });
    await until(() => again.events.length === 200 - seen);
    expect([...seqs(reader), ...seqs(again)]).toEqual(from(1, 200));
  });
});

describe("a reader that begins with large recent events", () => {
  it("and stands still is cut too, holds no memory, and resumes where it was", async () => {
    const { url, hub, orgId, node } = await open({ timing: { heartbeat: 10_000, drain: 300 } });
    const sockets: Socket[] = [];
    node.app.server.on("connection", (socket) => sockets.push(socket));
    for (let round = 0; round < 15; round += 1) await book(hub.db, orgId, 10, 200_000);
    const reader = await read(url, { query: "recent=150" });
    reader.pause();
    let held = 0;
    await until(() => {
      held = Math.max(held, ...sockets.map((socket) => socket.writableLength));
      return sockets.every((socket) => socket.destroyed);
    });
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan(1024 * 1024);
    reader.resume();
    await reader.ended;
    const seen = reader.events.length;
    expect(seen).toBeLessThan(150);
    const again = await read(url, { query: `recent=150&after=${seqs(reader).at(-1) ?? 0}` });
    await until(() => again.events.length === 150 - seen);
    expect([...seqs(reader), ...seqs(again)]).toEqual(from(1, 150));
  });
});

describe("GET /api/v1/booking-events", () => {
  it("answers the log in pages that end with a null cursor", async () => {
    const { node, hub, orgId } = await open();
    await book(hub.db, orgId, 5);
    const page = async (query: string) => {
      const url = `/api/v1/booking-events?${query}`;
      const answer = await node.app.inject({ url, headers: withKey });
      expect(answer.statusCode).toBe(200);
      return answer.json<{ data: BookingEvent[]; next_cursor: string | null }>();
    };
    const first = await page("after=0&limit=2");
    expect(first.data.map((event) => event.seq)).toEqual([1, 2]);
    expect(first.next_cursor).toBe("2");
    const last = await page("after=2&limit=3");
    expect(last.data.map((event) => event.seq)).toEqual([3, 4, 5]);
    expect(last.next_cursor).toBeNull();
    expect(await page("after=5")).toEqual({ data: [], next_cursor: null });
    for (const event of first.data) expect(bookingEventSchema.parse(event)).toEqual(event);
  });

  it("refuses what is no position", async () => {
    const { node } = await open();
    for (const query of ["after=x", "limit=0", "limit=1001"]) {
      const url = `/api/v1/booking-events?${query}`;
      expect((await node.app.inject({ url, headers: withKey })).statusCode).toBe(422);
    }
  });

  it("is for those who may read events", async () => {
    const { node } = await open();
    const url = "/api/v1/booking-events";
    expect((await node.app.inject({ url })).statusCode).toBe(401);
    const headers = { authorization: `Bearer not-${testApiKey}` };
    expect((await node.app.inject({ url, headers })).statusCode).toBe(401);
  });
});
