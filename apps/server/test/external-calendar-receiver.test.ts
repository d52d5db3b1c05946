import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { tenant } from "../src/db/database.ts";
import { createSigner } from "../src/destinations/sign.ts";
import { readEvents } from "../src/ledger/read-events.ts";
import { record } from "../src/ledger/record.ts";
import { hubChange, manager } from "./booking-change.ts";
import { type DestinationFixture, destinationFixture } from "./destination-fixture.ts";
import { openTestDatabase, type TestDatabase } from "./test-database.ts";
import { until } from "./until.ts";

const folder = new URL("../../../examples/external-calendar-receiver/", import.meta.url);
const key = "the-key-of-the-receiver";

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

let fixture: DestinationFixture;
let child: ChildProcess | null = null;
let printed: string[] = [];
beforeEach(async () => {
  fixture = await destinationFixture(database.db);
});
afterEach(async () => {
  await fixture.close();
  const started = child;
  child = null;
  if (started === null) return;
  started.kill("SIGKILL");
  await once(started, "close");
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Starts the example as whoever copies it does. */
async function start(port: number, settings: Record<string, string>): Promise<void> {
  const path = fileURLToPath(new URL("node.mjs", folder));
  const started = spawn(process.execPath, [path], {
    env: { PORT: String(port), ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  child = started;
  printed = [];
  createInterface({ input: started.stdout }).on("line", (line) => printed.push(line));
  await until(() => printed.some((line) => line.startsWith("Receiving on")));
}

const post = async (port: number, body: object | string, headers: Record<string, string> = {}) => {
  const answer = await fetch(`http://127.0.0.1:${port}/`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as { result?: string } };
};

const bookingId = "0199b5a0-0000-7000-8000-000000000001";
const change = (version: number, status: string, at = version): object => ({
  action: "status_changed",
  booking_id: bookingId,
  old_status: "PENDING",
  new_status: status,
  timestamp: `2026-03-01T08:00:0${at}.000Z`,
  booking_version: version,
});

describe("the receiver to deploy", () => {
  test("takes what the hub's worker sends, each version once and in order", async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/`;
    const { secret } = await fixture.destination(url, {
      profile: "external_calendar",
      payload_mode: "thin",
      filter: { transitions: "all" },
      key,
    });
    await start(port, { RECEIVER_KEY: key, SLOTWIRE_WEBHOOK_SECRET: secret });
    fixture.worker();
    const id = await fixture.book();
    for (const status of ["checked_in", "in_progress", "completed"]) {
      await database.db.transaction(tenant(fixture.orgId), (tx) =>
        tx.query("UPDATE booking SET status = $1 WHERE id = $2", [status, id]),
      );
    }
    fixture.wake.signal("deliveries");
    await until(() => printed.filter((line) => line.startsWith(id)).length === 4);
    expect(printed.filter((line) => line.startsWith(id))).toEqual([
      `${id} 1: created CONFIRMED`,
      `${id} 2: status_changed CHECKED_IN`,
      `${id} 3: status_changed IN_PROGRESS`,
      `${id} 4: status_changed COMPLETED`,
    ]);
    await until(async () =>
      (await fixture.deliveries()).every(({ status }) => status === "delivered"),
    );
  });

  test("ends with the last change, also when its source tells an earlier time than before", async () => {
    const port = await freePort();
    await fixture.destination(`http://127.0.0.1:${port}/`, {
      profile: "external_calendar",
      payload_mode: "compat",
      filter: null,
      event_types: ["*", "booking.created"],
      key,
    });
    await start(port, { RECEIVER_KEY: key });
    const id = await fixture.book();
    await record(fixture.deps, {
      orgId: fixture.orgId,
      sourceKind: null,
      message: null,
      change: hubChange(manager, {
        bookingId: id,
        kind: "cancelled",
        status: "cancelled",
        occurredAt: "2026-03-01T08:00:00.000Z",
        fields: {},
      }),
    });
    const events = await readEvents(database.db, fixture.orgId, 0, 10);
    expect(events).toMatchObject([{}, { occurred_at: "2026-03-01T08:00:00.000Z" }]);
    fixture.worker();
    await until(async () =>
      (await fixture.deliveries()).every(({ status }) => status === "delivered"),
    );
    await until(() => printed.filter((line) => line.startsWith(id)).length === 2);
    expect(printed.at(-1)).toContain("CANCELLED");
  });

  test("takes what comes twice once, and never an older version", async () => {
    const port = await freePort();
    await start(port, { RECEIVER_KEY: key });
    const results: unknown[] = [];
    for (const one of [
      change(2, "CANCELLED"),
      change(1, "CONFIRMED"),
      change(2, "CANCELLED"),
      change(3, "CONFIRMED"),
    ]) {
      results.push((await post(port, one)).body.result);
    }
    expect(results).toEqual(["applied", "outdated", "outdated", "applied"]);
  });

  test("goes by the times of bodies that have no version", async () => {
    const port = await freePort();
    await start(port, { RECEIVER_KEY: key });
    const compat = (at: number): object => ({
      ...change(at, "CONFIRMED"),
      booking_version: undefined,
    });
    const results: unknown[] = [];
    for (const at of [2, 1, 2, 3]) results.push((await post(port, compat(at))).body.result);
    expect(results).toEqual(["applied", "outdated", "outdated", "applied"]);
  });

  test("takes nothing from whoever has not the key, or has not signed", async () => {
    const port = await freePort();
    const secret = `whsec_${createHash("sha256").update("a").digest("base64")}`;
    await start(port, { RECEIVER_KEY: key, SLOTWIRE_WEBHOOK_SECRET: secret });
    const body = JSON.stringify(change(1, "CONFIRMED"));
    const signed = (at: Date, text = body): Record<string, string> => ({
      ...createSigner([secret])("msg_1", at, text),
    });
    const now = new Date();
    const old = new Date(now.getTime() - 3_600_000);
    expect((await post(port, body)).status).toBe(401);
    expect((await post(port, body, { ...signed(now), authorization: "Bearer no" })).status).toBe(
      401,
    );
    expect((await post(port, body, signed(old))).status).toBe(401);
    expect((await post(port, body, signed(now, `${body} `))).status).toBe(401);
    expect(await post(port, body, signed(now))).toEqual({
      status: 200,
      body: { result: "applied" },
    });
  });

  test("answers a trial, and what is no change", async () => {
    const port = await freePort();
    await start(port, { RECEIVER_KEY: key });
    expect(await post(port, { action: "test" })).toEqual({ status: 200, body: { result: "test" } });
    for (const body of ["no JSON", "null", "[]", "{}"]) {
      expect((await post(port, body)).status).toBe(400);
    }
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(405);
  });
});

test("its statement for a database takes each version once and never an older one", async () => {
  const sql = await readFile(new URL("schema.sql", folder), "utf8");
  await database.db.script(sql);
  const apply = async (one: object): Promise<unknown> => {
    const rows = await database.db.query<{ is_new: boolean }>(
      "SELECT apply_booking_change($1::jsonb) AS is_new",
      [JSON.stringify(one)],
    );
    return rows[0]?.is_new;
  };
  const results: unknown[] = [];
  for (const [version, at] of [
    [2, 2],
    [1, 1],
    [2, 2],
    [3, 3],
  ] as const) {
    results.push(await apply(change(version, "CONFIRMED", at)));
  }
  expect(results).toEqual([true, false, false, true]);
  await database.db.script("DROP FUNCTION apply_booking_change; DROP TABLE external_booking");
});
