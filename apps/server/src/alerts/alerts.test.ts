import type { AlertResource, ConnectionResource } from "@slotwire/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { inboxFixture, type InboxFixture } from "../../test/inbox-fixture.ts";
import { withKey } from "../../test/test-hub.ts";
import { ManualClock } from "../clock.ts";
import { calcomConnector } from "../connectors/calcom/connector.ts";
import { calcomFixture } from "../connectors/calcom/fixtures.ts";
import type { Ask, Connector } from "../connectors/connector.ts";
import { system, tenant } from "../db/database.ts";
import { evaluateAlerts } from "./evaluate-alerts.ts";
import { openAlert } from "./open-alert.ts";
import { takeAlertAsks } from "./take-alert-asks.ts";

const minutes = (count: number): number => count * 60_000;
const hours = (count: number): number => minutes(60 * count);

let clock: ManualClock;
let hub: InboxFixture;
let asks: readonly Ask[] = [];
/** Cal.com, whose messages ask for what the test says. */
const asking: Connector = {
  ...calcomConnector,
  interpret: (body, context) => {
    const read = calcomConnector.interpret(body, context);
    return read.outcome === "change" ? { ...read, asks } : read;
  },
};
beforeAll(async () => {
  clock = new ManualClock("2026-01-02T08:15:00Z");
  hub = await inboxFixture({ clock, connectors: new Map([["calcom", asking]]) });
});
afterAll(() => hub.close());

let connectionId = "";
beforeEach(async () => {
  clock.advance(hours(1));
  await hub.hub.db.transaction(system, (tx) =>
    tx.query("UPDATE alert SET resolved_at = last_seen_at WHERE resolved_at IS NULL"),
  );
  const { body } = await hub.get<{ data: ConnectionResource[] }>("/api/v1/connections");
  connectionId = body.data[0]?.id ?? "";
});

const alerts = async (query = "?open=true") =>
  (await hub.get<{ data: AlertResource[] }>(`/api/v1/alerts${query}`)).body.data;
const kinds = async () => (await alerts()).map(({ kind, count }) => [kind, count]);
const evaluate = () => evaluateAlerts(hub.hub);
let uids = 0;
const book = (payload: Record<string, unknown> = {}) => {
  const body = calcomFixture("booking_created", { uid: `alerting ${(uids += 1)}`, ...payload });
  return hub.send(body);
};
const refuse = () => hub.sendRaw("{}", { headers: { "content-type": "application/json" } });
const post = async (url: string): Promise<AlertResource> =>
  (await hub.app.inject({ method: "POST", url, headers: withKey })).json();

describe("an alert", () => {
  const alert = (seenAt: Date) => ({
    orgId: hub.hub.defaultOrgId,
    kind: "message_failed" as const,
    connectionId,
    about: "a trial",
    params: { total: 1 },
    seenAt,
  });
  const open = (seenAt: Date) =>
    hub.hub.db.transaction(tenant(hub.hub.defaultOrgId), (tx) => openAlert(tx, alert(seenAt)));

  test("is opened once however many see it, and tells once of each end", async () => {
    const at = clock.now();
    await Promise.all([1, 2, 3, 4, 5].map(() => open(at)));
    expect(await kinds()).toEqual([["message_failed", 1]]);
    const later = new Date(at.getTime() + 1000);
    await Promise.all([1, 2, 3].map(() => open(later)));
    expect(await kinds()).toEqual([["message_failed", 2]]);
    const id = (await alerts())[0]?.id ?? "";
    clock.advance(minutes(1));
    const resolved = await Promise.all([1, 2].map(() => post(`/api/v1/alerts/${id}/resolve`)));
    expect(resolved.map(({ resolved_by: by }) => by !== null)).toEqual([true, true]);
    // What was seen before it was resolved is over, too.
    await open(later);
    expect(await alerts()).toEqual([]);
    const events = await hub.hub.db.transaction(system, (tx) =>
      tx.query<{ type: string }>(
        "SELECT type FROM operational_event WHERE data ->> 'id' = $1 ORDER BY occurred_at",
        [id],
      ),
    );
    expect(events.map(({ type }) => type)).toEqual(["alert.opened", "alert.resolved"]);
    clock.advance(minutes(1));
    await open(clock.now());
    expect((await alerts())[0]?.id).not.toBe(id);
  });

  test("is acknowledged by the first who says so, and stays open", async () => {
    await open(clock.now());
    const id = (await alerts())[0]?.id ?? "";
    const first = await post(`/api/v1/alerts/${id}/acknowledge`);
    expect(first).toMatchObject({ acknowledged_at: clock.now().toISOString(), resolved_at: null });
    clock.advance(minutes(1));
    expect(await post(`/api/v1/alerts/${id}/acknowledge`)).toEqual(first);
    expect(await kinds()).toEqual([["message_failed", 1]]);
  });
});

describe("signatures that fail", () => {
  test("are an alert from the third in a row on, until a valid message comes", async () => {
    await book();
    clock.advance(1000);
    await refuse();
    await refuse();
    expect(await alerts()).toEqual([]);
    await refuse();
    const [opened] = await alerts();
    expect(opened).toMatchObject({
      kind: "signatures_failing",
      severity: "critical",
      connection_id: connectionId,
      title: expect.stringContaining("messages are refused") as string,
    });
    await refuse();
    expect(await alerts()).toHaveLength(1);
    await evaluate();
    expect(await alerts()).toHaveLength(1);
    clock.advance(minutes(1));
    await book();
    await evaluate();
    await evaluate();
    expect(await alerts()).toEqual([]);
    const [over] = await alerts("?open=false");
    expect(over).toMatchObject({ id: opened?.id, resolved_by: null });
  });

  test("are none when valid messages come between them", async () => {
    for (let time = 0; time < 4; time += 1) {
      clock.advance(minutes(1));
      await refuse();
      clock.advance(minutes(1));
      await book();
    }
    expect(await alerts()).toEqual([]);
  });
});

describe("what messages ask for", () => {
  test("opens its alert once, also when the message is repeated", async () => {
    asks = [{ kind: "alert", code: "host_no_show", detail: "Kim was not there" }];
    const body = calcomFixture("booking_created", { uid: "asks" });
    await hub.send(body);
    await hub.send(body);
    asks = [];
    expect(await takeAlertAsks(hub.hub)).toBe(1);
    expect(await takeAlertAsks(hub.hub)).toBe(0);
    expect(await alerts()).toMatchObject([
      { kind: "host_no_show", count: 1, details: ["Kim was not there"] },
    ]);
  });

  test("is taken by one of many workers", async () => {
    asks = [{ kind: "alert", code: "credential_failing", detail: "google_calendar" }];
    for (let no = 0; no < 5; no += 1) {
      clock.advance(1000);
      await book();
    }
    asks = [];
    await Promise.all([1, 2, 3, 4].map(() => takeAlertAsks(hub.hub)));
    expect(await kinds()).toEqual([["credential_failing", 5]]);
  });
});

describe("messages that could not be processed", () => {
  test("are an alert until none is left, and again only when there are new ones", async () => {
    await hub.sendRaw("no JSON");
    await evaluate();
    await evaluate();
    expect(await kinds()).toEqual([["message_failed", 1]]);
    const id = (await alerts())[0]?.id ?? "";
    clock.advance(minutes(1));
    await post(`/api/v1/alerts/${id}/resolve`);
    await evaluate();
    expect(await alerts()).toEqual([]);
    clock.advance(minutes(1));
    await hub.sendRaw("no JSON either");
    await evaluate();
    expect((await alerts())[0]?.description).toContain("2 messages");
    await hub.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE inbound_message SET status = 'ignored' WHERE status = 'failed'"),
    );
    await evaluate();
    expect(await alerts()).toEqual([]);
  });
});

describe("fields never seen before", () => {
  test("are learnt during twenty messages and a day, and then an alert that names them", async () => {
    for (let no = 0; no < 21; no += 1) await book();
    clock.advance(minutes(1));
    await book({ learning: "until a day is over" });
    clock.advance(minutes(1));
    await evaluate();
    expect(await alerts()).toEqual([]);
    clock.advance(hours(24));
    await book({ newField: { inner: "a@example.com" }, metadata: { anything: 1 } });
    clock.advance(minutes(1));
    await evaluate();
    await evaluate();
    expect(await alerts()).toMatchObject([
      {
        kind: "unknown_fields",
        count: 1,
        details: ["payload.newField", "payload.newField.inner"],
      },
    ]);
    expect(JSON.stringify(await alerts())).not.toContain("example.com");
    await book({ newField: { inner: "b" } });
    clock.advance(minutes(1));
    await evaluate();
    expect(await kinds()).toEqual([["unknown_fields", 1]]);
    await book({ newField: { other: "b" } });
    clock.advance(minutes(1));
    await evaluate();
    expect(await alerts()).toMatchObject([
      { count: 2, details: expect.arrayContaining(["payload.newField.other"]) as string[] },
    ]);
  });
});
