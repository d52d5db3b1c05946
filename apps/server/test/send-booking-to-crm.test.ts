import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBookingSender, type SiteBooking } from "@slotwire/client";
import { createFileOutbox, sendBookingToCRM, stopSendingToCRM } from "@slotwire/client/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { RunningHub } from "../src/cli/start-hub.ts";
import { tenant } from "../src/db/database.ts";
import { startProgram } from "./child-program.ts";
import { createHubHome, type HubHome, startHubAt } from "./running-hub.ts";

const secret = "a secret of the tests";

let home: HubHome;
let running: RunningHub;
let folder: string;
beforeAll(async () => {
  home = await createHubHome();
  running = await start();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "outbox-"));
});
afterEach(async () => {
  await stopSendingToCRM();
  await rm(folder, { recursive: true, force: true });
});
afterAll(async () => {
  await running.stop();
  await home.remove();
});

function start(port = "0"): Promise<RunningHub> {
  return startHubAt(home, { CRM_WEBHOOK_SECRET: secret, PORT: port });
}

const booking: SiteBooking = {
  bookingId: "b-1",
  eventType: "workshop",
  name: "Test Person",
  email: "test@example.com",
  scheduledDate: "2026-02-15T10:00:00.000Z",
  duration: 120,
  createdAt: "2026-01-02T08:00:00.000Z",
};

/** The bookings whose id begins so, with how many meetings each has. */
async function bookingsOf(prefix: string): Promise<Record<string, number>> {
  const { db, defaultOrgId } = running.hub;
  const rows = await db.transaction(tenant(defaultOrgId), (tx) =>
    tx.query<{ external_id: string; meetings: number }>(
      `SELECT r.external_id, count(a.id)::int AS meetings FROM booking_external_ref r
         LEFT JOIN activity a ON a.booking_id = r.booking_id
        WHERE r.external_id LIKE $1 || '-%' GROUP BY r.external_id`,
      [prefix],
    ),
  );
  return Object.fromEntries(rows.map((row) => [row.external_id, row.meetings]));
}

const options = (): { url: string; secret: string; outboxFolder: string } => ({
  url: running.address,
  secret,
  outboxFolder: folder,
});

test("a site's bookings become leads, move and are cancelled, and are told once", async () => {
  const made = await sendBookingToCRM(booking, options());
  expect(made).toMatchObject({
    success: true,
    lead: { title: "workshop - Test Person" },
    contact: { email: "test@example.com" },
    tasks: [{ title: "Send workshop prep info" }, { title: "Workshop follow-up" }],
  });
  expect(await sendBookingToCRM(booking, options())).toEqual({ ...made, deduplicated: true });
  const moved = await sendBookingToCRM(
    { ...booking, event: "booking.rescheduled", scheduledDate: "2031-02-15T10:00:00.000Z" },
    options(),
  );
  expect(moved).toEqual(made);
  const cancelled = await sendBookingToCRM({ ...booking, event: "booking.cancelled" }, options());
  expect(cancelled).toEqual(made);
  expect(await readdir(folder)).toEqual([]);
});

test("a hub that is down, and comes back, has every booking once", async () => {
  const { url } = { url: running.address };
  await running.stop();
  const sent = await Promise.all(
    [0, 1, 2].map((no) =>
      sendBookingToCRM({ ...booking, bookingId: `down-${no}` }, { ...options(), url }),
    ),
  );
  expect(sent).toMatchObject([{ queued: true }, { queued: true }, { queued: true }]);
  await stopSendingToCRM();
  running = await start(new URL(url).port);
  await deliverRest();
  expect(await bookingsOf("down")).toEqual({ "down-0": 1, "down-1": 1, "down-2": 1 });
});

/** What the next process of the site does; whoever held a message before is no more. */
async function deliverRest(): Promise<void> {
  const outbox = createFileOutbox(folder, { lease: -1 });
  const sender = createBookingSender({ url: running.address, secret, outbox });
  expect(await sender.flush()).toBe(0);
  await sender.close();
  expect((await readdir(folder)).filter((name) => name.endsWith(".json"))).toEqual([]);
}

test.each([
  ["while the hub answers", 5],
  ["a little later", 12],
])("a site that is killed %s loses nothing that it had kept", async (_when, after) => {
  const prefix = `killed${after}`;
  const args = [running.address, secret, folder, prefix, "1000"];
  const site = startProgram("./send-bookings.ts", args);
  const kept: string[] = [];
  for await (const line of site.lines) {
    kept.push(line);
    if (kept.length === after) break;
  }
  await site.kill();
  await deliverRest();
  const bookings = await bookingsOf(prefix);
  expect(Object.keys(bookings)).toEqual(expect.arrayContaining(kept));
  expect(Object.values(bookings).every((meetings) => meetings === 1)).toBe(true);
});

test("a site that is killed while the hub is away loses nothing that it had kept", async () => {
  const address = "http://127.0.0.1:9";
  const site = startProgram("./send-bookings.ts", [address, secret, folder, "away", "1000"]);
  const kept: string[] = [];
  for await (const line of site.lines) {
    kept.push(line);
    if (kept.length === 10) break;
  }
  await site.kill();
  expect(kept).toHaveLength(10);
  await deliverRest();
  expect(Object.keys(await bookingsOf("away"))).toEqual(expect.arrayContaining(kept));
});
