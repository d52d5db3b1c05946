import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBookingSender, type SiteBooking } from "@slotwire/client";
import { createFileOutbox, sendBookingToCRM, stopSendingToCRM } from "@slotwire/client/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { RunningHub } from "../src/cli/start-hub.ts";
import { tenant } from "../src/db/database.ts";
import { startProgram } from "./child-program.ts";
import { startReceiver } from "./receiver.ts";
import { createHubHome, type HubHome, startHubAt } from "./running-hub.ts";
import { until } from "./until.ts";

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

/** What the next process of the site does. */
async function deliverRest(): Promise<void> {
  const outbox = createFileOutbox(folder);
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

test.each([
  { moment: "before the hub hears of it", isHeard: false, prefix: "unheard" },
  { moment: "after the hub has taken it", isHeard: true, prefix: "heard" },
])(
  "a site that is killed $moment tells it when it starts anew, and it has one effect",
  async ({ isHeard, prefix }) => {
    const answers: Response[] = [];
    // Lets the request through or not, and never the answer.
    const gate = await startReceiver(async ({ path, headers, body }) => {
      if (!isHeard) return;
      const kept = { "x-webhook-secret": headers["x-webhook-secret"] ?? "" };
      answers.push(await fetch(running.address + path, { method: "POST", headers: kept, body }));
    });
    const { origin } = new URL(gate.url);
    const site = startProgram("./send-bookings.ts", [origin, secret, folder, prefix, "1"]);
    await until(() => gate.requests.length === 1 && (!isHeard || answers.length === 1), 30_000);
    await site.kill();
    await gate.close();
    const once = { [`${prefix}-0`]: 1 };
    expect(answers.map(({ status }) => status)).toEqual(isHeard ? [200] : []);
    expect(await bookingsOf(prefix)).toEqual(isHeard ? once : {});

    const args = [running.address, secret, folder, prefix, "0"];
    const next = startProgram("./send-bookings.ts", args);
    expect(await next.exited, next.errors()).toBe(0);
    expect(await readdir(folder)).toEqual([]);
    expect(await bookingsOf(prefix)).toEqual(once);
  },
);

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
