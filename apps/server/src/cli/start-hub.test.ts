import { createHmac } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import type { BookingResource, List } from "@slotwire/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHubHome, type HubHome, startHubAt } from "../../test/running-hub.ts";
import { withKey } from "../../test/test-hub.ts";
import { DRAIN } from "./start-hub.ts";

/** One place for all: making the embedded database anew takes most of a start. */
let home: HubHome;
beforeAll(async () => {
  home = await createHubHome();
});
afterAll(() => home.remove());

/** What keeps the process alive; tests' own idle connections to earlier hubs may be in it. */
const openHandles = (): string[] =>
  process
    .getActiveResourcesInfo()
    .filter((name) => name === "TCPServerWrap" || name === "TCPSocketWrap" || name === "Timeout");

/** What is open now, and was not before. */
function openedSince(before: readonly string[]): string[] {
  const known = [...before];
  return openHandles().filter((name) => {
    const index = known.indexOf(name);
    if (index >= 0) known.splice(index, 1);
    return index < 0;
  });
}

const secret = "the secret of Cal.com's webhook";
const fixture = fileURLToPath(
  new URL("../connectors/calcom/fixtures/booking_created.json", import.meta.url),
);

test("a whole hub starts, takes a signed webhook, and leaves nothing open when it stops", async () => {
  const before = openHandles();
  const running = await startHubAt(home, { CALCOM_WEBHOOK_SECRET: secret });
  const { address } = running;
  const body = await readFile(fixture);
  const receipt = await fetch(`${address}/api/webhooks/calcom`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-cal-signature-256": createHmac("sha256", secret).update(body).digest("hex"),
    },
    body,
  });
  expect(await receipt.json()).toMatchObject({ success: true, action: "created" });
  const list = await fetch(`${address}/api/v1/bookings`, { headers: withKey });
  expect((await list.json()) as List<BookingResource>).toMatchObject({ data: [{ version: 1 }] });
  expect(await (await fetch(`${address}/readyz`)).json()).toEqual({ status: "ok" });

  // A reader of the stream must not keep the hub from stopping.
  const stream = await fetch(`${address}/api/v1/stream`, { headers: withKey });
  expect(stream.status).toBe(200);
  await Promise.all([running.stop(), running.stop()]);
  await stream.text();
  await expect(fetch(`${address}/livez`)).rejects.toThrow("fetch failed");
  await expect.poll(() => openedSince(before)).toEqual([]);
});

test("a hub finds its data again, under the same key, owner and organisation", async () => {
  const first = await startHubAt(home, { MAKE_WEBHOOK_URL: "http://127.0.0.1:9/make" });
  const starts_at = "2026-05-01T10:00:00Z";
  const created = await fetch(`${first.address}/api/v1/bookings`, {
    method: "POST",
    headers: { ...withKey, "content-type": "application/json" },
    body: JSON.stringify({ starts_at, ends_at: starts_at }),
  });
  const { id } = (await created.json()) as BookingResource;
  const { ownerId, hub } = first;
  await first.stop();

  const second = await startHubAt(home);
  expect(second.ownerId).toBe(ownerId);
  expect(second.hub.defaultOrgId).toBe(hub.defaultOrgId);
  const found = await fetch(`${second.address}/api/v1/bookings/${id}`, { headers: withKey });
  expect(found.status).toBe(200);
  await second.stop();
});

test("a port that is taken is said so, and nothing stays open", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  const before = openHandles();
  await expect(startHubAt(home, { PORT: String(port) })).rejects.toMatchObject({
    code: "E_CONFIG",
    message: expect.stringContaining(`PORT ${port} is taken`) as string,
  });
  await expect.poll(() => openedSince(before)).toEqual([]);
  await new Promise((resolve) => server.close(resolve));
});

test("the sign-in link leads to the page that uses it, and keeps its token from servers", async () => {
  const running = await startHubAt(home);
  const link = new URL(await running.signInLink());
  expect(link.origin).toBe(running.address);
  expect(link.pathname).toBe("/sign-in");
  expect(link.search).toBe("");
  const token = new URLSearchParams(link.hash.slice(1)).get("token");
  const answer = await fetch(`${running.address}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });
  expect(answer.status).toBe(201);
  await running.stop();
});

test("a process that is only a worker answers for its health and nothing else", async () => {
  const running = await startHubAt(home, { ROLES: "worker" });
  expect((await fetch(`${running.address}/livez`)).status).toBe(200);
  expect((await fetch(`${running.address}/metrics`)).status).toBe(200);
  for (const path of ["/", "/api/v1/bookings", "/api/v1/openapi.json"]) {
    expect((await fetch(`${running.address}${path}`, { headers: withKey })).status).toBe(404);
  }
  await running.stop();
});

test("a request that has begun when the hub stops is still answered", async () => {
  const running = await startHubAt(home);
  const { port } = new URL(running.address);
  const socket = connect(Number(port), "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk) => (answer += chunk.toString()));
  const body = JSON.stringify({
    starts_at: "2026-05-02T10:00:00Z",
    ends_at: "2026-05-02T11:00:00Z",
  });
  const received = once(running.app.server, "request");
  socket.write(
    [
      "POST /api/v1/bookings HTTP/1.1",
      "Host: localhost",
      `Authorization: ${withKey.authorization}`,
      "Content-Type: application/json",
      `Content-Length: ${body.length}`,
      "",
      body.slice(0, 10),
    ].join("\r\n"),
  );
  await received;
  const begun = performance.now();
  const stopped = running.stop();
  socket.write(body.slice(10));
  await stopped;
  expect(performance.now() - begun).toBeLessThan(DRAIN);
  await expect.poll(() => answer).toMatch(/^HTTP\/1\.1 201 /);
  socket.destroy();
});
