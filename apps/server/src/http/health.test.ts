import { randomUUID } from "node:crypto";
import type { Health } from "@slotwire/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ManualClock } from "../clock.ts";
import { system, tenant } from "../db/database.ts";
import { createTestConnection } from "../../test/test-database.ts";
import { createTestHub, type TestHub, withKey } from "../../test/test-hub.ts";

const clock = new ManualClock("2026-03-10T09:00:00Z");
let testHub: TestHub;
beforeAll(async () => {
  testHub = await createTestHub({ clock });
});
afterAll(() => testHub.close());

const readHealth = async (hub = testHub) => {
  const answer = await hub.app.inject({ url: "/api/health" });
  return { status: answer.statusCode, health: answer.json<Health>() };
};

test("a new hub is well, and says so to everybody", async () => {
  for (const url of ["/livez", "/readyz"]) {
    const answer = await testHub.app.inject({ url });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ status: "ok" });
  }
  for (const url of ["/api/health", "/health"]) {
    const answer = await testHub.app.inject({ url });
    expect(answer.json()).toEqual({
      status: "ok",
      database: { ok: true, migrated: true, engine: testHub.hub.db.engine },
      secrets: { ok: true },
      worker: { enabled: true, ok: true, overdue_schedule_seconds: null },
      inbox: { last_message_age_seconds: null },
      deliveries: { oldest_due_seconds: null },
      commands: { oldest_due_seconds: null },
    });
  }
});

test("health tells the age of the last message of any organisation", async () => {
  const { hub } = testHub;
  const { connectionId } = await createTestConnection(hub.db, hub.defaultOrgId);
  for (const [body, age] of [
    ["old", 7200],
    ["new", 90],
  ] as const) {
    await hub.db.transaction(tenant(hub.defaultOrgId), (tx) =>
      tx.query(
        `INSERT INTO inbound_message (org_id, id, connection_id, dedupe_key, status,
           signature_state, body, received_at)
         VALUES ($1, $2, $3, $4, 'ignored', 'valid', $4, $5)`,
        [
          hub.defaultOrgId,
          randomUUID(),
          connectionId,
          Buffer.from(body),
          new Date(clock.now().getTime() - age * 1000),
        ],
      ),
    );
  }
  expect((await readHealth()).health.inbox.last_message_age_seconds).toBe(90);
});

test("work that nobody does makes the hub degraded, not down", async () => {
  const { hub } = testHub;
  const due = (minutes: number): Date => new Date(clock.now().getTime() - minutes * 60_000);
  const write = (at: Date) =>
    hub.db.transaction(system, (tx) =>
      tx.query(
        `INSERT INTO schedule (name, cron, next_run_at) VALUES ('test', '* * * * *', $1)
         ON CONFLICT (name) DO UPDATE SET next_run_at = excluded.next_run_at`,
        [at],
      ),
    );
  await write(due(4));
  expect((await readHealth()).health).toMatchObject({ status: "ok" });
  await write(due(6));
  expect(await readHealth()).toMatchObject({
    status: 200,
    health: { status: "degraded", worker: { ok: false, overdue_schedule_seconds: 360 } },
  });
  await hub.db.transaction(system, (tx) => tx.query("DELETE FROM schedule"));
});

test("without its database the hub lives, is not ready, and is down", async () => {
  const broken = await createTestHub();
  try {
    const refuse = () => Promise.reject(new Error("Connection terminated"));
    Object.assign(broken.hub.db, { transaction: refuse, query: refuse });
    expect((await broken.app.inject({ url: "/livez" })).statusCode).toBe(200);
    const ready = await broken.app.inject({ url: "/readyz" });
    expect(ready.json()).toMatchObject({ status: 503, code: "E_UNAVAILABLE" });
    expect(await readHealth(broken)).toMatchObject({
      status: 503,
      health: { status: "down", database: { ok: false, migrated: false } },
    });
  } finally {
    await broken.close();
  }
});

test("a database that is not migrated is not ready", async () => {
  const old = await createTestHub();
  try {
    await old.hub.db.query("DELETE FROM schema_migration WHERE name LIKE '0001%'");
    expect((await old.app.inject({ url: "/readyz" })).statusCode).toBe(503);
    expect((await readHealth(old)).health).toMatchObject({
      status: "down",
      database: { ok: true, migrated: false },
    });
  } finally {
    await old.close();
  }
});

test("metrics count by route and never by path", async () => {
  const id = randomUUID();
  await testHub.app.inject({ url: `/api/v1/bookings/${id}?secret=1`, headers: withKey });
  await testHub.app.inject({ url: `/nowhere/${id}` });
  const { body, headers } = await testHub.app.inject({ url: "/metrics" });
  expect(headers["content-type"]).toContain("text/plain");
  expect(body).toContain(
    'slotwire_http_requests_total{method="GET",route="/api/v1/bookings/:id",status="404"} 1',
  );
  expect(body).toMatch(/slotwire_http_request_duration_seconds_bucket\{le="0.01",/);
  expect(body).toMatch(/^process_resident_memory_bytes \d+/m);
  expect(body).not.toContain(id);
});
