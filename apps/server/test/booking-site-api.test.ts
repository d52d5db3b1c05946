import type { BookingResource, ReconcileRunResource } from "@slotwire/contract";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ManualClock } from "../src/clock.ts";
import { commandQueue } from "../src/commands/command-queue.ts";
import { workCommand } from "../src/commands/work-command.ts";
import { system } from "../src/db/database.ts";
import { ensureEnvironmentConnections } from "../src/inbox/connections/ensure-environment-connections.ts";
import { reconcileDue } from "../src/reconcile/reconcile-worker.ts";
import { type BookmeFixture, bookmeFixture, siteSecret } from "./bookme-fixture.ts";
import { withKey } from "./test-hub.ts";

/** A booking as the site keeps it, in the form that docs/connectors/bookme.md asks for. */
interface SiteBooking {
  bookingId: string;
  status: string;
  scheduledDate: string;
  [member: string]: unknown;
}

const apiKey = "key-of-the-site";
const bookings = new Map<string, SiteBooking>();
const patches: unknown[] = [];
const clock = new ManualClock("2027-01-04T08:00:00.000Z");

/** A booking site's own API: a booking by its id, and a PATCH of it. */
function startSite(): Promise<Server> {
  const site = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const [status, body] = answer(
        request.method,
        request.url,
        request.headers.authorization,
        chunks,
      );
      // Its clock is the hub's: what it tells is as of then.
      const date = clock.now().toUTCString();
      response.writeHead(status, { "content-type": "application/json", date });
      response.end(JSON.stringify(body));
    });
  });
  return new Promise((resolve) => site.listen(0, "127.0.0.1", () => resolve(site)));
}

function answer(
  method = "",
  url = "",
  authorization: string | undefined,
  chunks: readonly Buffer[],
): [number, object] {
  if (authorization !== `Bearer ${apiKey}`) return [401, { error: "Unauthorized" }];
  const id = decodeURIComponent(/^\/api\/bookings\/([^/]+)$/.exec(url)?.[1] ?? "");
  const booking = bookings.get(id);
  if (booking === undefined) return [404, { error: "Not found" }];
  if (method === "PATCH") {
    const patch = JSON.parse(Buffer.concat(chunks).toString()) as Partial<SiteBooking>;
    patches.push(patch);
    if (booking.status === "cancelled") return [409, { error: "The booking is cancelled" }];
    Object.assign(booking, patch);
  }
  return [200, booking];
}

let site: Server;
let hub: BookmeFixture;
let connectionId = "";
beforeAll(async () => {
  site = await startSite();
  hub = await bookmeFixture({ clock });
  const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  await ensureEnvironmentConnections(hub.hub, hub.hub.defaultOrgId, [
    { kind: "bookme", secret: siteSecret, needsSecret: true, api: { key: apiKey, url } },
  ]);
  hub.hub.connections.forget();
  const connections = await get<{ data: { id: string }[] }>("/connections");
  connectionId = connections.data[0]?.id ?? "";
});
afterAll(async () => {
  await hub.close();
  site.closeAllConnections();
  await new Promise((resolve) => site.close(resolve));
});

async function get<Body>(path: string): Promise<Body> {
  return (await hub.app.inject({ url: `/api/v1${path}`, headers: withKey })).json<Body>();
}

function post(path: string, payload: object) {
  return hub.app.inject({ method: "POST", url: `/api/v1${path}`, headers: withKey, payload });
}

/** Somebody books at the site, which tells the hub. @returns the hub's booking */
async function book(id: string): Promise<BookingResource> {
  const booking = {
    bookingId: id,
    eventType: "workshop",
    name: "Test Person",
    email: `${id}@example.com`,
    scheduledDate: "2027-01-20T10:00:00Z",
    duration: 60,
    source: "bookme",
    createdAt: "2027-01-04T07:00:00Z",
  };
  bookings.set(id, { ...booking, status: "confirmed" });
  await hub.book(booking);
  return bookingOf(id);
}

async function bookingOf(id: string): Promise<BookingResource> {
  const { data } = await get<{ data: BookingResource[] }>(`/bookings?external_id=${id}`);
  const [booking] = data;
  if (booking === undefined) throw new Error(`${id} is not there`);
  return booking;
}

async function reconcile(): Promise<ReconcileRunResource> {
  clock.advance(10 * 60_000);
  const started = await post(`/connections/${connectionId}/reconcile`, {});
  expect(started.statusCode, started.body).toBe(202);
  while ((await reconcileDue(hub.hub)) > 0);
  const { id } = started.json<ReconcileRunResource>();
  return get<ReconcileRunResource>(`/reconcile-runs/${id}`);
}

async function workCommands(): Promise<void> {
  const due = await hub.hub.db.transaction(system, (tx) =>
    commandQueue.claim(tx, { limit: 50, leaseSeconds: 180, now: clock.now() }),
  );
  for (const command of due) await workCommand(hub.hub, command);
}

describe("a site that tells its bookings by id, and lists none", () => {
  test("is compared booking by booking, and what its messages did not tell is put right", async () => {
    await book("moved");
    await book("called-off");
    Object.assign(bookings.get("moved") ?? {}, { scheduledDate: "2027-01-21T12:00:00Z" });
    Object.assign(bookings.get("called-off") ?? {}, { status: "cancelled" });
    expect(await reconcile()).toMatchObject({ status: "done", checked: 2, repaired: 2 });
    expect(await bookingOf("moved")).toMatchObject({
      status: "confirmed",
      starts_at: "2027-01-21T12:00:00.000Z",
    });
    expect(await bookingOf("called-off")).toMatchObject({ status: "cancelled" });
  });

  test("is asked to move a booking that it owns, and its answer settles that", async () => {
    const { id } = await book("to-move");
    const asked = await post(`/bookings/${id}/reschedule`, {
      starts_at: "2027-01-22T09:00:00Z",
      ends_at: "2027-01-22T10:30:00Z",
    });
    expect(asked.statusCode, asked.body).toBe(202);
    expect(await bookingOf("to-move")).toMatchObject({ starts_at: "2027-01-20T10:00:00.000Z" });
    await workCommands();
    expect(patches.at(-1)).toEqual({ scheduledDate: "2027-01-22T09:00:00.000Z", duration: 90 });
    expect(await bookingOf("to-move")).toMatchObject({ starts_at: "2027-01-22T09:00:00.000Z" });
    const { data } = await get<{ data: { status: string }[] }>(`/commands?booking_id=${id}`);
    expect(data).toMatchObject([{ status: "confirmed" }]);
  });

  test("that knows the booking no more has refused what is asked of it", async () => {
    const { id } = await book("refused");
    bookings.delete("refused");
    await post(`/bookings/${id}/cancel`, { reason: "ill" });
    await workCommands();
    const { data } = await get<{ data: { status: string; problem: string | null }[] }>(
      `/commands?booking_id=${id}`,
    );
    expect(data).toMatchObject([{ status: "refused" }]);
  });
});
