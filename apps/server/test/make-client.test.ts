import type { AddressInfo } from "node:net";
import { createClient, getWebhookStats, type SlotwireClient } from "@slotwire/client";
import { createDestinationSchema } from "@slotwire/contract";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeMake, startFakeMake } from "../../../packages/client/test/fake-make.ts";
import { hubAuthor } from "../src/access/record-audit.ts";
import { tenant } from "../src/db/database.ts";
import { createDestination } from "../src/destinations/create-destination.ts";
import { DeliveryWorker } from "../src/destinations/delivery-worker.ts";
import { createDestinationDeps } from "../src/destinations/destination-deps.ts";
import { createTestHub, type TestHub, testApiKey } from "./test-hub.ts";
import { until } from "./until.ts";

let make: FakeMake;
let hub: TestHub;
let client: SlotwireClient;
let worker: DeliveryWorker;
beforeAll(async () => {
  make = await startFakeMake();
  hub = await createTestHub();
  await hub.app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = hub.app.server.address() as AddressInfo;
  client = createClient({ baseUrl: `http://127.0.0.1:${port}`, apiKey: testApiKey });
  const deps = createDestinationDeps(hub.hub, true);
  const { defaultOrgId } = hub.hub;
  await createDestination(
    deps,
    hubAuthor(defaultOrgId),
    createDestinationSchema.parse({ name: "Make", url: make.url, profile: "make", key: "a key" }),
  );
  make.apiKeys = ["a key"];
  worker = new DeliveryWorker({
    ...deps,
    log: pino({ level: "silent" }),
    retrySchedule: [0],
    random: () => 0.5,
  });
});
afterAll(async () => {
  await worker.stop(0);
  await hub.close();
  await make.close();
});

const book = (): Promise<unknown> =>
  hub.hub.db.transaction(tenant(hub.hub.defaultOrgId), (tx) =>
    tx.query("INSERT INTO booking (org_id, starts_at, ends_at) VALUES ($1, now(), now())", [
      hub.hub.defaultOrgId,
    ]),
  );

test("a hub's figures of Make.com are those of its deliveries", async () => {
  expect(await getWebhookStats(client)).toMatchObject({ totalSent: 0, successRate: null });
  await book();
  await book();
  expect(await getWebhookStats(client)).toMatchObject({ totalSent: 0, pending: 2 });
  worker.start();
  await until(async () => (await getWebhookStats(client)).successfulSent === 2);
  expect(make.queue).toHaveLength(2);
  expect(await getWebhookStats(client)).toMatchObject({
    totalSent: 2,
    failedSent: 0,
    pending: 0,
    successRate: 100,
    source: "hub",
    lastSentAt: expect.stringMatching(/Z$/),
  });
});
