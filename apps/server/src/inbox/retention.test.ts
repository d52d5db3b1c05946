import type {
  AuditEntry,
  InboundMessageDetail,
  List,
  ReprocessJobResource,
  ReprocessPlan,
  ReprocessResultResource,
  TimelineResource,
} from "@slotwire/contract";
import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, inboxFixture, type InboxFixture, signed } from "../../test/inbox-fixture.ts";
import { withKey } from "../../test/test-hub.ts";
import { takeAlertAsks } from "../alerts/take-alert-asks.ts";
import { ManualClock } from "../clock.ts";
import { calcomConnector } from "../connectors/calcom/connector.ts";
import { calcomFixture } from "../connectors/calcom/fixtures.ts";
import type { Connector } from "../connectors/connector.ts";
import { system } from "../db/database.ts";
import { Scheduler } from "../jobs/scheduler.ts";
import { hubSchedules } from "../jobs/schedules.ts";
import { workOnReprocess } from "./reprocess/work-on-reprocess.ts";

const HOUR = 3_600_000;
const path = "/api/v1/inbound-messages";

/** Cal.com, whose messages say something about people beside the booking. */
const telling: Connector = {
  ...calcomConnector,
  interpret: (body, context) => {
    const read = calcomConnector.interpret(body, context);
    if (read.outcome !== "change") return read;
    return { ...read, asks: [{ kind: "alert", code: "host_no_show", detail: "Kim Kowalska" }] };
  },
};

const clock = new ManualClock("2026-01-02T08:15:00Z");
let hub: InboxFixture;
let scheduler: Scheduler;
let address = "";
beforeAll(async () => {
  hub = await inboxFixture({ clock, connectors: new Map([["calcom", telling]]) });
  address = await hub.app.listen({ port: 0, host: "127.0.0.1" });
  scheduler = new Scheduler(hub.hub, hubSchedules(hub.hub));
  await scheduler.register();
});
afterAll(() => hub.close());

/** Posts a signed message over the network. @returns its id */
async function post(body: string): Promise<string> {
  const answer = await fetch(`${address}/api/webhooks/calcom`, {
    method: "POST",
    headers: { "content-type": "application/json", ...signed(Buffer.from(body)) },
    body,
  });
  return ((await answer.json()) as { message_id: string }).message_id;
}

const read = async (id: string) => (await hub.get<InboundMessageDetail>(`${path}/${id}`)).body;

const ask = async <Body>(url: string, payload: object): Promise<Answer<Body>> => {
  const answer = await hub.app.inject({ method: "POST", url, headers: withKey, payload });
  return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
};

/** Lets days pass, and then does what is due by the clock. */
async function pass(days: number): Promise<void> {
  clock.advance(days * 24 * HOUR);
  await scheduler.runDue();
}

const body = JSON.stringify(calcomFixture("booking_created", { uid: "kept for a time" }));
let id = "";

test("the body is there until the organisation's time is over, and gone with the next hour", async () => {
  id = await post(body);
  await takeAlertAsks(hub.hub);
  await hub.app.inject({
    method: "PATCH",
    url: "/api/v1/organisation",
    headers: withKey,
    payload: { raw_message_days: 14 },
  });
  await pass(13);
  expect(await read(id)).toMatchObject({ body, body_removed_at: null, body_keys: null });
  clock.advance(24 * HOUR - 60_000);
  await scheduler.runDue();
  expect((await read(id)).body).toBe(body);
  clock.advance(HOUR);
  expect(await scheduler.runDue()).toContain("reduce_messages");
  const reduced = await read(id);
  expect(reduced).toMatchObject({
    body: "",
    body_removed_at: clock.now().toISOString(),
    body_sha256: createHash("sha256").update(body).digest("hex"),
    status: "processed",
    action: "created",
    deliveries: 1,
    effects: 1,
  });
  expect(reduced.body_keys).toContain("payload.attendees[].email");
});

test("nothing that the message said of people is left beside the booking", async () => {
  const left = await hub.hub.db.transaction(system, (tx) =>
    tx.query<{ line: string }>(
      `SELECT to_jsonb(m)::text AS line FROM inbound_message m WHERE id = $1
       UNION ALL SELECT to_jsonb(a)::text FROM message_ask a WHERE message_id = $1`,
      [id],
    ),
  );
  expect(left).toHaveLength(2);
  expect(left.map(({ line }) => line).join()).not.toMatch(/Kowalsk/);
});

test("what became of it stays: in the inbox, in the booking's history, in the audit log", async () => {
  const before = (await hub.get<List<AuditEntry>>("/api/v1/audit?limit=200")).body.data;
  expect(before.length).toBeGreaterThan(0);
  await pass(400);
  const reduced = await read(id);
  expect((await hub.messages()).map((message) => message.id)).toContain(id);
  const history = `/api/v1/bookings/${reduced.booking_id}/timeline`;
  const timeline = (await hub.get<TimelineResource>(history)).body;
  expect(timeline.data.at(-1)?.message).toMatchObject({ id, trigger: "BOOKING_CREATED" });
  const after = (await hub.get<List<AuditEntry>>("/api/v1/audit?limit=200")).body.data;
  expect(after).toEqual(expect.arrayContaining(before));
});

test("whoever wants it processed again is told that its body is gone, and what to do", async () => {
  const one = await ask<Record<string, unknown>>(`${path}/${id}/reprocess`, {
    dry_run: false,
  });
  expect(one).toMatchObject({
    status: 409,
    body: {
      code: "E_BODY_REMOVED",
      title: "The body of this message has been removed",
      remedy: expect.stringContaining("Compare the ledger with the source") as string,
    },
  });
  const filter = { status: "processed" };
  const plan = (await ask<ReprocessPlan>(`${path}/reprocess`, { filter, dry_run: true })).body;
  expect(plan).toMatchObject({
    changing: 0,
    messages: [{ outcome: "unavailable", reason: "its body has been removed", changes: [] }],
  });
  const job = (await ask<ReprocessJobResource>(`${path}/reprocess`, { filter, dry_run: false }))
    .body;
  await workOnReprocess(hub.hub, hub.hub.connections);
  const url = `/api/v1/reprocess-jobs/${job.id}`;
  expect((await hub.get<ReprocessJobResource>(url)).body).toMatchObject({
    status: "done",
    done: 1,
    changed: 0,
    failed: 1,
  });
  const results = (await hub.get<List<ReprocessResultResource>>(`${url}/results`)).body.data;
  expect(results).toMatchObject([{ action: "unavailable", reason: "its body has been removed" }]);
  expect(await read(id)).toMatchObject({ status: "processed", action: "created" });
});
