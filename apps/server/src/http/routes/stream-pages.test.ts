import { once } from "node:events";
import { request as openRequest, type ClientRequest } from "node:http";
import { streamLimits, type StreamPage, streamPageSchema } from "@slotwire/contract";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createTestKey, createTestMember } from "../../../test/key-fixture.ts";
import {
  book,
  bookAndWake,
  createStreamTestHub,
  lengthenLog,
  startStreamNode,
  type StreamNode,
} from "../../../test/stream-hub.ts";
import { readStream, type StreamReader } from "../../../test/stream-reader.ts";
import { createTestOrganisation } from "../../../test/test-database.ts";
import type { TestHub } from "../../../test/test-hub.ts";
import { until } from "../../../test/until.ts";
import { system } from "../../db/database.ts";
import { buildApp } from "../build-app.ts";
import type { StreamRouteOptions } from "./stream.ts";

type Headers = Readonly<Record<string, string>>;

let test: TestHub;
let nodes: StreamNode[] = [];
let readers: StreamReader[] = [];

beforeAll(async () => {
  test = await createStreamTestHub();
});
afterEach(async () => {
  for (const reader of readers) reader.close();
  await Promise.all(nodes.map((node) => node.close()));
  [nodes, readers] = [[], []];
});
afterAll(() => test.close());

/** A node, and a new organisation with a key. */
async function open(options: StreamRouteOptions = {}) {
  const { orgId } = await createTestOrganisation(test.hub.db);
  const { headers } = await createTestKey(test.hub, orgId);
  const node = await startStreamNode(test.hub, options);
  nodes.push(node);
  return { orgId, headers, node, url: node.url };
}

async function pageOf(url: string, headers: Headers, query = "") {
  const answer = await fetch(`${url}/api/v1/stream?${query}`, {
    headers: { ...headers, accept: "application/json" },
  });
  const body: unknown = await answer.json();
  return { status: answer.status, headers: answer.headers, body };
}

async function page(url: string, headers: Headers, query = ""): Promise<StreamPage> {
  const { status, body } = await pageOf(url, headers, query);
  expect(status, JSON.stringify(body)).toBe(200);
  expect(streamPageSchema.parse(body)).toEqual(body);
  return body as StreamPage;
}
const seqs = ({ data }: StreamPage): number[] => data.map(({ seq }) => seq);
const from = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** Asks for a page without waiting for it. */
function ask(url: string, headers: Headers, query: string): ClientRequest {
  const accept = "application/json";
  const request = openRequest(`${url}/api/v1/stream?${query}`, { headers: { ...headers, accept } });
  request.on("error", () => {});
  request.end();
  return request;
}

describe("a page of the stream", () => {
  it("is what a stream would have sent by now, uncompressed and never stored", async () => {
    const { url, headers, orgId } = await open();
    await book(test.hub.db, orgId, 3);
    const asked = { ...headers, "accept-encoding": "gzip, br" };
    const { headers: head, body } = await pageOf(url, asked, "after=1");
    expect(body).toMatchObject({ position: 3, more: false, gap: null });
    expect(body).toMatchObject({ provider_emails: null, user_id: null });
    expect(seqs(body as StreamPage)).toEqual([2, 3]);
    expect(head.get("content-type")).toBe("application/json; charset=utf-8");
    expect(head.get("content-encoding")).toBeNull();
    expect(head.get("cache-control")).toContain("no-store");
    expect(head.get("slotwire-organisation")).toBe(orgId);
    const reader = await readStream(url, { headers, query: "after=1" });
    readers.push(reader);
    await until(() => reader.events.length === 2);
    expect(reader.events).toEqual((body as StreamPage).data);
  });

  it("without a position says where now is, or begins with recent events", async () => {
    const { url, headers, orgId } = await open();
    await book(test.hub.db, orgId, 30);
    expect(await page(url, headers)).toMatchObject({ data: [], position: 30, more: false });
    const recent = await page(url, headers, "recent=25");
    expect([seqs(recent), recent.position, recent.more]).toEqual([from(6, 30), 30, false]);
    const named = await page(url, { ...headers, "last-event-id": "28" }, "recent=3");
    expect(seqs(named)).toEqual([29, 30]);
  });

  it("takes so much, and says when there is more", async () => {
    const { url, headers, orgId } = await open();
    const total = streamLimits.page + 20;
    await book(test.hub.db, orgId, total);
    const first = await page(url, headers, "after=0");
    expect([seqs(first), first.more]).toEqual([from(1, streamLimits.page), true]);
    const second = await page(url, headers, `after=${first.position}`);
    expect([seqs(second), second.more]).toEqual([from(streamLimits.page + 1, total), false]);
    // Of large events fewer.
    await book(test.hub.db, orgId, 12, 400_000);
    for (const query of [`after=${total}`, "recent=12"]) {
      const large = await page(url, headers, query);
      expect([large.data.length, large.more]).toEqual([6, true]);
      expect(seqs(await page(url, headers, `after=${large.position}`))).toEqual(
        from(total + 7, total + 12),
      );
    }
  });

  it("looks through so much of a long log, and says where it is", async () => {
    const { url, headers, orgId } = await open();
    await book(test.hub.db, orgId, 1);
    await lengthenLog(test.hub.db, orgId, 10_299);
    const first = await page(url, headers, "after=0&types=booking.cancelled");
    expect([first.data, first.more]).toEqual([[], true]);
    expect(first.position).toBeGreaterThanOrEqual(10_000);
    expect(first.position).toBeLessThan(10_300);
    const rest = await page(url, headers, `after=${first.position}&types=booking.cancelled`);
    expect(rest).toMatchObject({ data: [], position: 10_300, more: false });
  });

  it("tells of a gap, and what comes behind it", async () => {
    const { url, headers, orgId } = await open();
    await book(test.hub.db, orgId, 5);
    await test.hub.db.transaction(system, (tx) =>
      tx.query("DELETE FROM booking_event WHERE org_id = $1 AND seq < 4", [orgId]),
    );
    const pruned = await page(url, headers, "after=1&wait=20");
    expect(pruned).toMatchObject({ position: 5, gap: { oldest: 4, newest: 5 } });
    expect(seqs(pruned)).toEqual([4, 5]);
    const ahead = await page(url, headers, "after=90&wait=20");
    expect(ahead).toMatchObject({ data: [], position: 5, gap: { oldest: 4, newest: 5 } });
  });

  it("is for those who may read the stream, and by their view", async () => {
    const { url, headers, orgId } = await open();
    const staff = await createTestMember(test.hub, orgId, "staff");
    await book(test.hub.db, orgId, 2);
    expect(await page(url, staff.headers, "after=0")).toMatchObject({ data: [], position: 2 });
    expect((await pageOf(url, {}, "after=0")).status).toBe(401);
    expect((await pageOf(url, headers, "after=x")).body).toMatchObject({ code: "E_CURSOR" });
    const reading = await createTestKey(test.hub, orgId, { scopes: ["bookings:read"] });
    expect((await pageOf(url, reading.headers)).status).toBe(403);
  });

  it("is opened by a ticket too, once", async () => {
    const { url, headers, orgId } = await open();
    await book(test.hub.db, orgId, 2);
    const minted = await test.app.inject({
      method: "POST",
      url: "/api/v1/stream-tokens",
      headers,
      payload: { ticket: true },
    });
    const query = `after=0&ticket=${minted.json<{ token: string }>().token}`;
    expect(seqs(await page(url, {}, query))).toEqual([1, 2]);
    expect((await pageOf(url, {}, query)).status).toBe(401);
  });
});

describe("a page that waits", () => {
  it("is answered when something comes that passes, and not before", async () => {
    const { url, headers, orgId } = await open();
    await book(test.hub.db, orgId, 1);
    const [{ booking_id: id } = { booking_id: "" }] = (await page(url, headers, "after=0")).data;
    const all = page(url, headers, "after=1&wait=25");
    const one = page(url, headers, `after=1&wait=25&booking_id=${id}`);
    await bookAndWake(test.hub, orgId, 1);
    expect(seqs(await all)).toEqual([2]);
    await test.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE booking SET title = 'x' WHERE org_id = $1 AND id = $2", [orgId, id]),
    );
    test.hub.wake.signal("events");
    const answer = await one;
    expect([seqs(answer), answer.position]).toEqual([[3], 3]);
  });

  it("waits from now on when it names no position", async () => {
    const { url, headers, orgId } = await open();
    await book(test.hub.db, orgId, 3);
    let isAnswered = false;
    const waiting = page(url, headers, "wait=25").finally(() => {
      isAnswered = true;
    });
    await until(async () => {
      if (!isAnswered) await bookAndWake(test.hub, orgId, 1);
      return isAnswered;
    });
    const { data, position } = await waiting;
    expect(data[0]?.seq).toBeGreaterThan(3);
    expect(data.at(-1)?.seq).toBe(position);
  });

  it("is answered when its time is over, with where it got to", async () => {
    const { url, headers, orgId } = await open();
    const waiting = page(url, headers, "after=0&wait=1&types=booking.cancelled");
    await bookAndWake(test.hub, orgId, 2);
    expect(await waiting).toMatchObject({ data: [], position: 2, more: false, gap: null });
  });

  it("is answered when the hub stops", async () => {
    const { headers } = await open();
    const app = await buildApp(test.hub, { dashboardFolder: "/no-dashboard" });
    const url = await app.listen({ port: 0, host: "127.0.0.1" });
    const arrived = once(app.server, "request");
    const waiting = page(url, headers, "after=0&wait=25");
    await arrived;
    await app.close();
    expect(await waiting).toMatchObject({ data: [], position: 0, more: false });
  });

  it("is answered without an event to whoever may not read it any more", async () => {
    const { url, orgId, headers } = await open();
    const key = await createTestKey(test.hub, orgId, { scopes: ["events:read"] });
    const waiting = pageOf(url, key.headers, "after=0&wait=25");
    const others = page(url, headers, "after=0&wait=25");
    const revoked = await test.app.inject({
      method: "DELETE",
      url: `/api/v1/api-keys/${key.id}`,
      headers: (await createTestMember(test.hub, orgId, "owner")).headers,
    });
    expect(revoked.statusCode, revoked.body).toBeLessThan(300);
    // Refused, if it came later than that.
    const { status, body } = await waiting;
    expect(status === 401 || (body as StreamPage).data.length === 0).toBe(true);
    expect((await pageOf(url, key.headers, "after=0")).status).toBe(401);
    await bookAndWake(test.hub, orgId, 1);
    expect(seqs(await others)).toEqual([1]);
  });

  /** Whether a person's fifty places are free. */
  const hasAllPlaces = async (url: string, headers: Headers): Promise<boolean> => {
    const pages = from(1, 50).map(() => pageOf(url, headers, "after=0&wait=1"));
    return (await Promise.all(pages)).every(({ status }) => status === 200);
  };

  it("counts as a stream while it waits, and gives its place back when its reader leaves", async () => {
    const { url, orgId } = await open();
    const { headers } = await createTestMember(test.hub, orgId, "owner");
    const stream = await readStream(url, { headers });
    readers.push(stream);
    const asked = from(1, 50).map(() => ask(url, headers, "after=0&wait=25"));
    // One too many: all the others wait.
    await Promise.race(asked.map((request) => once(request, "response")));
    const { status, body, headers: head } = await pageOf(url, headers, "after=0&wait=1");
    expect([status, head.get("retry-after")]).toEqual([429, "10"]);
    expect(body).toMatchObject({ code: "E_RATE_LIMITED" });
    expect((body as { detail: string }).detail).toContain("Close one");
    // One that waits for nothing holds no place, and is left to readers whose streams are refused.
    for (const query of ["after=0", "after=0&wait=0"]) await page(url, headers, query);
    for (const request of asked) request.destroy();
    stream.close();
    await until(() => hasAllPlaces(url, headers));
  });

  it("gives its place back when its reader left before it began to wait", async () => {
    const { url, orgId, node } = await open();
    const { headers } = await createTestMember(test.hub, orgId, "owner");
    const connections = (): Promise<number> =>
      new Promise((resolve, reject) =>
        node.app.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      );
    await test.hub.db.transaction(system, async (tx) => {
      // Nobody is told where the log ends, and so nobody waits, while this is held.
      await tx.query("LOCK TABLE org_counter IN ACCESS EXCLUSIVE MODE");
      // More than may wait: the last of them may be gone before they are let in.
      const asked = from(1, 70).map(() => ask(url, headers, "after=0&wait=25"));
      await until(async () => (await connections()) === asked.length);
      for (const { socket } of asked) socket?.destroy();
      await until(async () => (await connections()) === 0);
    });
    await until(() => hasAllPlaces(url, headers));
  });

  it("loses and doubles nothing for readers that ask page after page while others write", async () => {
    const { url, headers, orgId } = await open();
    const other = await startStreamNode(test.hub);
    nodes.push(other);
    const total = 300;
    const follow = async (reader: number): Promise<number[]> => {
      const received: number[] = [];
      for (let turn = reader; received.length < total; turn += 1) {
        const at = turn % 2 === 0 ? url : other.url;
        const { data, position } = await page(at, headers, `after=${received.length}&wait=25`);
        received.push(...data.map(({ seq }) => seq));
        expect(position).toBe(received.length);
      }
      return received;
    };
    const write = async (): Promise<void> => {
      for (let count = 0; count < total / 10; count += 1) await bookAndWake(test.hub, orgId, 2);
    };
    const [readings] = await Promise.all([
      Promise.all(from(1, 10).map(follow)),
      Promise.all(from(1, 5).map(write)),
    ]);
    for (const reading of readings) expect(reading).toEqual(from(1, total));
  });
});
