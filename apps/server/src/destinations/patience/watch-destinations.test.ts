import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { hubAuthor } from "../../access/record-audit.ts";
import { destinationFixture, type DestinationFixture } from "../../../test/destination-fixture.ts";
import type { Receiver } from "../../../test/receiver.ts";
import { openTestDatabase, type TestDatabase } from "../../../test/test-database.ts";
import { until } from "../../../test/until.ts";
import { listAlerts } from "../../alerts/list-alerts.ts";
import { resolveAlert } from "../../alerts/resolve-alert.ts";
import { ManualClock } from "../../clock.ts";
import { wholeView } from "../../domain/views/view.ts";
import { getDestination } from "../get-destination.ts";
import { pauseDestination } from "../pause-destination.ts";
import { resumeDestination } from "../resume-destination.ts";
import { retryDelivery } from "../retry-delivery.ts";
import { watchDestinations } from "./watch-destinations.ts";

const HOUR = 60 * 60 * 1000;

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());

let clock: ManualClock;
let fixture: DestinationFixture;
let receiver: Receiver;
let onCall: Receiver;
let id = "";
beforeEach(async () => {
  clock = new ManualClock(new Date().toISOString());
  fixture = await destinationFixture(test.db, clock);
  receiver = await fixture.receiver((_request, response) => response.writeHead(500).end());
  onCall = await fixture.receiver();
  const retries = { retry_schedule: Array<number>(50).fill(60), patience_hours: 10 };
  ({ id } = await fixture.destination(receiver.url, { name: "Stays away", ...retries }));
  await fixture.destination(onCall.url, { event_types: ["alert.*"] });
  fixture.worker();
});
afterEach(() => fixture.close());

const destination = () => getDestination(fixture.deps, fixture.orgId, id);
const alerts = async (open = true) =>
  (await listAlerts(fixture.deps, wholeView(fixture.orgId), open, { limit: 100, before: null }))
    .alerts;

/** Lets hours pass, with an attempt that ends as the receiver answers, and looks. */
async function pass(hours: number): Promise<void> {
  const before = receiver.requests.length;
  clock.advance(hours * HOUR);
  fixture.wake.signal("deliveries");
  await until(() => receiver.requests.length > before);
  await until(async () => (await fixture.deliveries()).every(({ status }) => status !== "sending"));
  await watchDestinations(fixture.deps);
  await watchDestinations(fixture.deps);
}

const told = (): string[] =>
  onCall.requests.map(({ body }) => {
    const { type, data } = JSON.parse(body) as {
      type: string;
      data: { alert: { kind: string; severity: string; count: number } };
    };
    return `${type} ${data.alert.kind} ${data.alert.severity} ${data.alert.count}`;
  });

async function failOnce(): Promise<void> {
  await fixture.book();
  await until(async () => (await destination()).failing_since !== null);
}

it("warns three times while nothing arrives, and disables in the end", async () => {
  await failOnce();
  await pass(4);
  expect(await alerts()).toEqual([]);
  await pass(1);
  expect(await alerts()).toMatchObject([
    {
      kind: "destination_failing",
      severity: "warning",
      connection_id: null,
      destination_id: id,
      destination_name: "Stays away",
      title: "Stays away: nothing arrives",
      count: 1,
    },
  ]);
  await pass(2);
  expect(await alerts()).toMatchObject([{ severity: "warning", count: 2 }]);
  await pass(2);
  expect(await alerts()).toMatchObject([{ severity: "critical", count: 3 }]);
  await pass(1);
  expect(await destination()).toMatchObject({
    status: "disabled",
    disabled_reason: expect.stringContaining("10 hours") as string,
  });
  expect(await alerts()).toMatchObject([{ kind: "destination_disabled", severity: "critical" }]);
  expect(await alerts(false)).toMatchObject([{ kind: "destination_failing", resolved_by: null }]);
  await until(() => onCall.requests.length >= 5);
  expect(told().toSorted()).toEqual([
    "alert.opened destination_disabled critical 1",
    "alert.opened destination_failing critical 3",
    "alert.opened destination_failing warning 1",
    "alert.opened destination_failing warning 2",
    "alert.resolved destination_failing critical 3",
  ]);

  await resumeDestination(fixture.deps, hubAuthor(fixture.orgId), id);
  await watchDestinations(fixture.deps);
  expect(await alerts()).toEqual([]);
  expect(await destination()).toMatchObject({ status: "active", failing_since: null });
});

it("ends the warning when something arrives", async () => {
  await failOnce();
  await pass(6);
  expect(await alerts()).toHaveLength(1);
  receiver.answer((_request, response) => response.end());
  await pass(1);
  expect(await alerts()).toEqual([]);
  expect(await destination()).toMatchObject({ status: "active", failing_since: null });
});

it("disables nothing that was not tried when its time was over", async () => {
  await failOnce();
  clock.advance(100 * HOUR);
  await watchDestinations(fixture.deps);
  expect(await destination()).toMatchObject({ status: "active" });
});

it("tells of a receiver that wants no more", async () => {
  receiver.answer((_request, response) => response.writeHead(410).end());
  await fixture.book();
  await until(async () => (await destination()).status === "disabled");
  await watchDestinations(fixture.deps);
  expect(await alerts()).toMatchObject([
    {
      kind: "destination_disabled",
      description: expect.stringContaining("410 Gone") as string,
    },
  ]);
});

it("names what stood in the way of deliveries that nobody answered", async () => {
  await pauseDestination(fixture.deps, hubAuthor(fixture.orgId), id);
  const once = { retry_schedule: [0] };
  await fixture.destination("http://127.0.0.1:1/", { name: "Nobody", ...once });
  await fixture.book();
  await until(async () => (await fixture.deliveries()).some((one) => one.status === "exhausted"));
  await watchDestinations(fixture.deps);
  expect(await alerts()).toMatchObject([
    {
      kind: "deliveries_refused",
      description: expect.stringMatching(/Nobody listens at its address\.$/) as string,
      remedy: expect.stringContaining("what stood in the way") as string,
    },
  ]);
});

it("tells of deliveries that were given up, until they have arrived or somebody says so", async () => {
  receiver.answer((_request, response) => response.writeHead(422).end());
  const { id: crm } = await fixture.destination(receiver.url, { name: "CRM", retry_schedule: [0] });
  await pauseDestination(fixture.deps, hubAuthor(fixture.orgId), id);
  const given = async (): Promise<string[]> =>
    (await fixture.deliveries())
      .filter((one) => one.destination_id === crm && one.status === "exhausted")
      .map((one) => one.id);
  await fixture.book();
  await fixture.book();
  await until(async () => (await given()).length === 2);
  await watchDestinations(fixture.deps);
  await watchDestinations(fixture.deps);
  expect(await alerts()).toMatchObject([
    {
      kind: "deliveries_refused",
      severity: "warning",
      destination_id: crm,
      title: "CRM: deliveries were given up",
      description: expect.stringMatching(/^2 deliveries .* answered with 422\.$/) as string,
      count: 1,
    },
  ]);

  receiver.answer((_request, response) => response.end());
  await fixture.book();
  await until(async () =>
    (await fixture.deliveries()).some(
      (one) => one.destination_id === crm && one.status === "delivered",
    ),
  );
  await watchDestinations(fixture.deps);
  expect(await alerts()).toHaveLength(1);

  for (const one of await given()) {
    await retryDelivery(fixture.deps, hubAuthor(fixture.orgId), one);
  }
  await until(async () => (await given()).length === 0);
  await until(async () =>
    (await fixture.deliveries()).every(
      (one) => one.destination_id !== crm || one.status === "delivered",
    ),
  );
  await watchDestinations(fixture.deps);
  expect(await alerts()).toEqual([]);
  await until(() => told().length === 2);
  expect(told().toSorted()).toEqual([
    "alert.opened deliveries_refused warning 1",
    "alert.resolved deliveries_refused warning 1",
  ]);

  receiver.answer((_request, response) => response.writeHead(422).end());
  clock.advance(HOUR);
  await fixture.book();
  await until(async () => (await given()).length === 1);
  await watchDestinations(fixture.deps);
  const [open] = await alerts();
  expect(open).toMatchObject({ description: expect.stringContaining("One delivery") as string });
  clock.advance(HOUR);
  const { deps, orgId } = fixture;
  await resolveAlert(deps, hubAuthor(orgId), wholeView(orgId), open?.id ?? "");
  await watchDestinations(fixture.deps);
  expect(await alerts()).toEqual([]);
});
