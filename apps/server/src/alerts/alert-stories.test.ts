import {
  type AlertResource,
  type CreateDestination,
  type DestinationWithSecret,
  operationalWebhookSchema,
} from "@slotwire/contract";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { calcomSecret, signed } from "../../test/inbox-fixture.ts";
import { type Receiver, startReceiver } from "../../test/receiver.ts";
import { type ReconcileFixture, reconcileFixture } from "../../test/reconcile-fixture.ts";
import { withKey } from "../../test/test-hub.ts";
import { until } from "../../test/until.ts";
import { DeliveryWorker } from "../destinations/delivery-worker.ts";
import { createDestinationDeps } from "../destinations/destination-deps.ts";
import { Scheduler } from "../jobs/scheduler.ts";
import { hubSchedules } from "../jobs/schedules.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A hub that listens, a Cal.com beside it, and two receivers: one that asks for alerts. */
let fixture: ReconcileFixture;
let scheduler: Scheduler;
let worker: DeliveryWorker;
let onCall: Receiver;
let everyBooking: Receiver;
let address = "";
let delivered = 0;

beforeEach(async () => {
  fixture = await reconcileFixture({ config: { allowPrivateDestinations: true } });
  const { hub, app } = fixture.inbox;
  address = await app.listen({ port: 0, host: "127.0.0.1" });
  onCall = await startReceiver();
  everyBooking = await startReceiver();
  await addDestination("On call", onCall.url, ["alert.*"]);
  await addDestination("Every booking", everyBooking.url, ["*"]);
  worker = new DeliveryWorker({
    ...createDestinationDeps(hub, true),
    log: pino({ level: "silent" }),
    retrySchedule: [0],
  });
  worker.start();
  scheduler = new Scheduler(hub, hubSchedules(hub));
  await scheduler.register();
  delivered = 0;
});
afterEach(async () => {
  await worker.stop(0);
  await fixture.close();
  await onCall.close();
  await everyBooking.close();
});

async function addDestination(
  name: string,
  url: string,
  types: CreateDestination["event_types"],
): Promise<void> {
  const payload: Partial<CreateDestination> = { name, url, event_types: types };
  const answer = await fixture.inbox.app.inject({
    method: "POST",
    url: "/api/v1/destinations",
    headers: withKey,
    payload,
  });
  expect(answer.statusCode, answer.json<DestinationWithSecret>().id).toBe(201);
}

/** Posts bytes over the network. @returns the status of the answer */
async function post(body: string, headers: Record<string, string>): Promise<number> {
  const answer = await fetch(`${address}/api/webhooks/calcom`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  await answer.arrayBuffer();
  return answer.status;
}

const postSigned = (body: unknown, secret = calcomSecret): Promise<number> => {
  const text = JSON.stringify(body);
  return post(text, signed(Buffer.from(text), secret));
};

/** Cal.com's webhook sends what it has not sent yet. */
async function deliver(): Promise<void> {
  const news = fixture.calcom.messages.slice(delivered);
  drop();
  for (const message of news) expect(await postSigned(message)).toBe(200);
}

/** Cal.com's webhook is switched off: what it has not sent is never sent. */
function drop(): void {
  delivered = fixture.calcom.messages.length;
}

/** Lets time pass, a minute at a time, with all that the hub does by the clock. */
async function pass(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    fixture.clock.advance(MINUTE);
    await scheduler.runDue();
    await fixture.work();
  }
}

const alerts = async (open: boolean): Promise<AlertResource[]> =>
  (await fixture.inbox.get<{ data: AlertResource[] }>(`/api/v1/alerts?open=${open}`)).body.data;

/** What the receiver that asks for alerts was sent, once it was sent as much. */
async function told(count: number): Promise<[type: string, kind: string][]> {
  await until(() => bodiesAt(onCall).length >= count);
  const events = bodiesAt(onCall).map((body) => {
    const { type, data } = operationalWebhookSchema.parse(JSON.parse(body));
    return [type, data.alert.kind] as [string, string];
  });
  return events.toSorted();
}

/** What a receiver was sent, and each once: a delivery may come again, under the same id. */
function bodiesAt({ requests }: Receiver): string[] {
  const byId = new Map(requests.map(({ headers, body }) => [headers["webhook-id"], body]));
  return [...byId.values()];
}

const typesAt = (receiver: Receiver): string[] =>
  bodiesAt(receiver).map((body) => (JSON.parse(body) as { type: string }).type);

const inDays = (days: number): string =>
  new Date(fixture.clock.now().getTime() + days * 24 * HOUR).toISOString();

describe("a source that goes quiet", () => {
  test("is told of when its API shows a booking that no message told of, until one comes", async () => {
    fixture.calcom.book({ start: inDays(2) });
    await deliver();
    await pass(50);
    expect(await alerts(true)).toEqual([]);
    // The webhook is gone; the booking is there, and the hourly comparison finds it.
    fixture.calcom.book({ start: inDays(3) });
    drop();
    await pass(60);
    expect(await alerts(true)).toMatchObject([
      {
        kind: "source_quiet",
        severity: "critical",
        connection_id: fixture.connectionId,
        count: 1,
        description: expect.stringContaining("one booking") as string,
      },
    ]);
    expect(await told(1)).toEqual([["alert.opened", "source_quiet"]]);
    await pass(60);
    expect(await alerts(true)).toHaveLength(1);
    fixture.calcom.book({ start: inDays(4) });
    await deliver();
    await pass(1);
    expect(await alerts(true)).toEqual([]);
    expect(await alerts(false)).toMatchObject([{ kind: "source_quiet", resolved_by: null }]);
    expect(await told(2)).toEqual([
      ["alert.opened", "source_quiet"],
      ["alert.resolved", "source_quiet"],
    ]);
    await until(() => typesAt(everyBooking).length === 3);
    expect(typesAt(everyBooking)).toEqual(Array(3).fill("booking.created"));
    // And nothing more: what was found before says nothing of now.
    await pass(60);
    expect(await alerts(true)).toEqual([]);
    expect(bodiesAt(onCall)).toHaveLength(2);
  });

  test("is told of when bookings are moved and cancelled there without a word", async () => {
    const [moved, cancelled] = [2, 3].map((days) => fixture.calcom.book({ start: inDays(days) }));
    await deliver();
    await pass(50);
    fixture.calcom.reschedule(moved?.uid ?? "", inDays(5));
    fixture.calcom.cancel(cancelled?.uid ?? "");
    drop();
    await pass(60);
    expect(await alerts(true)).toMatchObject([{ kind: "source_quiet" }]);
    expect((await alerts(true))[0]?.description).toContain("2 bookings");
  });

  test("is not, while nothing happens there, however long", async () => {
    fixture.calcom.book({ start: inDays(9) });
    await deliver();
    await pass(30);
    fixture.clock.advance(20 * HOUR);
    await pass(90);
    expect(await alerts(true)).toEqual([]);
  });

  test("is not, when the comparison was quicker than the message", async () => {
    await pass(39);
    fixture.calcom.book({ start: inDays(2) });
    await pass(3);
    expect(await fixture.inbox.bookings()).toHaveLength(1);
    await deliver();
    await pass(30);
    expect(await alerts(true)).toEqual([]);
    expect(onCall.requests).toEqual([]);
  });
});

describe("signatures that fail", () => {
  test("are told of at the third, and that they are right again at the next valid one", async () => {
    for (let no = 0; no < 3; no += 1) {
      fixture.calcom.book({ start: inDays(2 + no) });
      expect(await alerts(true)).toEqual([]);
      expect(await postSigned(fixture.calcom.messages.at(-1), "another secret")).toBe(401);
    }
    expect(await alerts(true)).toMatchObject([
      { kind: "signatures_failing", severity: "critical", connection_id: fixture.connectionId },
    ]);
    expect(await told(1)).toEqual([["alert.opened", "signatures_failing"]]);
    await pass(2);
    expect(await alerts(true)).toHaveLength(1);
    await deliver();
    await pass(1);
    expect(await alerts(true)).toEqual([]);
    expect(await told(2)).toEqual([
      ["alert.opened", "signatures_failing"],
      ["alert.resolved", "signatures_failing"],
    ]);
    await until(() => typesAt(everyBooking).length === 3);
    expect(typesAt(everyBooking)).toEqual(Array(3).fill("booking.created"));
  });

  test("are counted anew after a valid one, however many failed before it", async () => {
    for (let no = 0; no < 8; no += 1) expect(await postSigned({ no }, "another secret")).toBe(401);
    fixture.calcom.book({ start: inDays(2) });
    await pass(1);
    await deliver();
    await pass(1);
    expect(await alerts(true)).toEqual([]);
    for (let no = 0; no < 2; no += 1) expect(await postSigned({ no }, "another secret")).toBe(401);
    await pass(1);
    expect(await alerts(true)).toEqual([]);
    expect(await postSigned({}, "another secret")).toBe(401);
    expect(await alerts(true)).toMatchObject([{ kind: "signatures_failing" }]);
    expect((await alerts(true))[0]?.description).toContain("3 messages");
  });
});

describe("fields never seen before", () => {
  test("are told of by name, and stay until somebody has looked", async () => {
    for (let no = 0; no < 21; no += 1) {
      fixture.calcom.book({ start: inDays(2 + no) });
      await deliver();
    }
    await pass(1);
    fixture.clock.advance(25 * HOUR);
    fixture.calcom.book({ start: inDays(2) });
    await deliver();
    await pass(1);
    expect(await alerts(true)).toEqual([]);
    fixture.calcom.book({ start: inDays(3) });
    const message = fixture.calcom.messages.at(-1) as { payload: Record<string, unknown> };
    const payload = { ...message.payload, travel: { km: 12, from: "Hamngatan 4" } };
    drop();
    expect(await postSigned({ ...message, payload })).toBe(200);
    await pass(1);
    const [opened] = await alerts(true);
    expect(opened).toMatchObject({
      kind: "unknown_fields",
      severity: "info",
      details: ["payload.travel", "payload.travel.km", "payload.travel.from"],
    });
    expect(await told(1)).toEqual([["alert.opened", "unknown_fields"]]);
    // Names of fields say nothing of people: also who is sent little gets them.
    expect(onCall.requests[0]?.body).toContain("payload.travel.km");
    expect(onCall.requests[0]?.body).not.toContain("Hamngatan");
    fixture.calcom.book({ start: inDays(4) });
    await deliver();
    await pass(5);
    expect(await alerts(true)).toHaveLength(1);
    const answer = await fixture.inbox.app.inject({
      method: "POST",
      url: `/api/v1/alerts/${opened?.id}/resolve`,
      headers: withKey,
    });
    expect(answer.statusCode).toBe(200);
    expect(await told(2)).toEqual([
      ["alert.opened", "unknown_fields"],
      ["alert.resolved", "unknown_fields"],
    ]);
    expect(everyBooking.requests.every(({ body }) => !body.includes("alert."))).toBe(true);
    await pass(5);
    expect(await alerts(true)).toEqual([]);
  });
});
