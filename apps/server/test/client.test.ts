import { randomInt } from "node:crypto";
import type { AddressInfo } from "node:net";
import {
  ApiError,
  createClient,
  type SlotwireClient,
  subscribeToBookingEvents,
  subscribeToProviderBookingEvents,
} from "@slotwire/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectors } from "../src/cli/connectors.ts";
import { system } from "../src/db/database.ts";
import { bookAndWake, createStreamTestHub, startStreamNode } from "./stream-hub.ts";
import { createTestConnection, createTestOrganisation } from "./test-database.ts";
import { type TestHub, testApiKey } from "./test-hub.ts";
import { until } from "./until.ts";

let test: TestHub;
let baseUrl: string;
let client: SlotwireClient;

beforeAll(async () => {
  test = await createStreamTestHub({ connectors });
  await test.app.listen({ port: 0, host: "127.0.0.1" });
  baseUrl = `http://127.0.0.1:${(test.app.server.address() as AddressInfo).port}`;
  client = createClient({ baseUrl, apiKey: testApiKey, reconnectDelays: [5] });
});
afterAll(() => test.close());

describe("the client package against a hub", () => {
  it("finds every call that it offers", async () => {
    const { db, defaultOrgId: orgId } = test.hub;
    await bookAndWake(test.hub, orgId, 1);
    const { connectionId } = await createTestConnection(db, orgId);

    const { data: bookings } = await client.bookings.list({ limit: 10 });
    const id = bookings[0]?.id ?? "";
    expect((await client.bookings.get(id)).booking_number).toBe(bookings[0]?.booking_number);
    expect((await client.bookings.timeline(id)).data).toMatchObject([{ booking_id: id }]);
    expect((await client.bookingEvents.list({ after: 0 })).data[0]?.booking_id).toBe(id);
    expect((await client.activities.list({ type: "MEETING", limit: 5 })).data).toEqual([]);
    expect((await client.tasks.list({ status: "todo", limit: 5 })).data).toEqual([]);
    const unknown = client.bookings.import({ external_id: "nothing", preview: true });
    await expect(unknown).rejects.toBeInstanceOf(ApiError);

    expect((await client.connections.list()).data.map((row) => row.id)).toContain(connectionId);
    expect((await client.connections.rotateSecret(connectionId)).secret).not.toBe("");
    const pasted = "made by the source";
    expect((await client.connections.rotateSecret(connectionId, pasted)).secret).toBe(pasted);
    await findConnectionCalls(client);
    expect((await client.inboundMessages.list()).data).toEqual([]);

    const created = await client.destinations.create({ name: "Shop", url: "https://example.com/" });
    expect(created.secret).toMatch(/^whsec_/);
    expect((await client.destinations.get(created.id)).name).toBe("Shop");
    expect((await client.destinations.pause(created.id)).status).toBe("paused");
    expect((await client.destinations.resume(created.id)).status).toBe("active");
    expect((await client.destinations.rotateSecret(created.id)).secret).not.toBe(created.secret);
    await client.destinations.remove(created.id);
    expect((await client.destinations.list()).data.map((row) => row.id)).not.toContain(created.id);
    expect((await client.deliveries.list({ limit: 1 })).data).toEqual([]);
    const failure = await client.inboundMessages.get(id).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject({ code: "E_NOT_FOUND" });
  });

  it("follows the log while the hub is stopped and started again at random", async () => {
    const { orgId } = await createTestOrganisation(test.hub.db);
    const hub = { ...test.hub, defaultOrgId: orgId };
    let node = await startStreamNode(hub);
    const port = Number(new URL(node.url).port);
    const seqs: number[] = [];
    const stream = createClient({
      baseUrl: node.url,
      apiKey: testApiKey,
      reconnectDelays: [5],
    }).stream({ onEvent: (event) => seqs.push(event.seq) });
    await until(() => stream.state.status === "live");
    for (let round = 0; round < 10; round += 1) {
      await bookAndWake(hub, orgId, randomInt(1, 30));
      await node.close();
      await bookAndWake(hub, orgId, randomInt(1, 30));
      node = await startStreamNode(hub, {}, port);
    }
    const newest = await newestSeq(orgId);
    await until(() => seqs.length >= newest);
    expect(seqs).toEqual(Array.from({ length: newest }, (_, index) => index + 1));
    stream.close();
    await node.close();
  });

  it("begins with what was, filters, and lets nothing fall in between", async () => {
    const { orgId } = await createTestOrganisation(test.hub.db);
    const hub = { ...test.hub, defaultOrgId: orgId };
    const node = await startStreamNode(hub);
    const own = createClient({ baseUrl: node.url, apiKey: testApiKey, reconnectDelays: [5] });
    await bookAndWake(hub, orgId, 5);
    const { data } = await own.bookingEvents.list({ after: 0 });
    const [, second] = data;
    const starts: number[][] = [];
    const ofOne: string[] = [];
    const all: number[] = [];
    const leave = [
      own.live.subscribe({
        recent: 3,
        onStart: (events) => starts.push(events.map(({ seq }) => seq)),
        onEvent: ({ seq }) => all.push(seq),
      }),
      subscribeToBookingEvents(second?.booking_id ?? "", ({ id }) => ofOne.push(id), {
        client: own,
        recent: 10,
      }),
      subscribeToProviderBookingEvents("nobody@salon.example", ({ id }) => ofOne.push(id), {
        client: own,
      }),
    ];
    await until(() => starts.length === 1 && ofOne.length === 1);
    await bookAndWake(hub, orgId, 4);
    await until(() => all.at(-1) === 9);
    expect([...(starts[0] ?? []), ...all]).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect(ofOne).toEqual([second?.id]);
    for (const each of leave) each();
    own.live.close();
    await node.close();
  });

  it("follows by pages where streams are held back, over restarts of the hub", async () => {
    const { orgId } = await createTestOrganisation(test.hub.db);
    const hub = { ...test.hub, defaultOrgId: orgId };
    let node = await startStreamNode(hub);
    const port = Number(new URL(node.url).port);
    const seqs: number[] = [];
    const statuses = new Set<string>();
    const behindProxy = createClient({
      baseUrl: node.url,
      apiKey: testApiKey,
      reconnectDelays: [5],
      fetch: async (url, init) =>
        new Headers(init?.headers).get("accept") === "text/event-stream"
          ? new Response("<h1>Your company says no</h1>")
          : fetch(url, init),
    });
    const leave = behindProxy.live.subscribe({ after: 0, onEvent: ({ seq }) => seqs.push(seq) });
    behindProxy.live.watch(() => statuses.add(behindProxy.live.state.status));
    await until(() => behindProxy.live.state.status === "polling");
    for (let round = 0; round < 5; round += 1) {
      await bookAndWake(hub, orgId, randomInt(1, 30));
      await node.close();
      await bookAndWake(hub, orgId, randomInt(1, 30));
      node = await startStreamNode(hub, {}, port);
    }
    const newest = await newestSeq(orgId);
    await until(() => seqs.length >= newest);
    expect(seqs).toEqual(Array.from({ length: newest }, (_, index) => index + 1));
    expect(statuses).not.toContain("live");
    leave();
    behindProxy.live.close();
    await node.close();
  });

  it("is refused with a key that is not the hub's, and goes on when it is asked to", async () => {
    let key = "not the key of this hub at all";
    const stranger = createClient({ baseUrl, getToken: () => key });
    const leave = stranger.live.subscribe({});
    await until(() => stranger.live.state.status === "denied");
    key = testApiKey;
    stranger.live.retry();
    await until(() => stranger.live.state.status === "live");
    leave();
    stranger.live.close();
  });
});

async function newestSeq(orgId: string): Promise<number> {
  const rows = await test.hub.db.transaction(system, (tx) =>
    tx.query<{ seq: number }>("SELECT seq FROM org_counter WHERE org_id = $1", [orgId]),
  );
  return rows[0]?.seq ?? 0;
}

async function findConnectionCalls({ connections }: SlotwireClient): Promise<void> {
  const [kind] = (await connections.kinds()).data;
  const { id, token_url } = await connections.create({
    kind: kind?.kind ?? "",
    name: "Second salon",
    auth_modes: ["url_token"],
  });
  expect((await connections.get(id)).has_url_token).toBe(true);
  expect((await connections.rotateUrlToken(id)).token_url).not.toBe(token_url);
  expect((await connections.update(id, { name: "Third salon" })).name).toBe("Third salon");
  expect((await connections.pause(id)).status).toBe("paused");
  expect((await connections.resume(id)).status).toBe("active");
  await connections.remove(id);
  await expect(connections.get(id)).rejects.toMatchObject({ status: 404 });
}
