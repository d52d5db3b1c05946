import { wholeView } from "../src/domain/views/view.ts";
import {
  type CreateDestinationInput,
  createDestinationSchema,
  type DeliveryAttemptResource,
  type DeliveryResource,
  type DestinationWithSecret,
} from "@slotwire/contract";
import { pino } from "pino";
import { hubAuthor } from "../src/access/record-audit.ts";
import { type Clock, systemClock } from "../src/clock.ts";
import { type Database, tenant } from "../src/db/database.ts";
import { createLocalWake } from "../src/db/local-wake.ts";
import type { Wake } from "../src/db/wake.ts";
import { createDestination } from "../src/destinations/create-destination.ts";
import { DeliveryWorker, type DeliveryWorkerOptions } from "../src/destinations/delivery-worker.ts";
import {
  createDestinationDeps,
  type DestinationDeps,
} from "../src/destinations/destination-deps.ts";
import { listDeliveries } from "../src/destinations/list-deliveries.ts";
import { listDeliveryAttempts } from "../src/destinations/list-delivery-attempts.ts";
import { type Answering, type Receiver, startReceiver } from "./receiver.ts";
import { createTestOrganisation, testSecretBox } from "./test-database.ts";

/** An organisation with destinations, and all that is needed to see deliveries arrive. */
export interface DestinationFixture {
  readonly orgId: string;
  readonly deps: DestinationDeps;
  readonly wake: Wake;
  /** Starts a receiver that is stopped with the fixture. */
  receiver(by?: Answering): Promise<Receiver>;
  /** Creates a destination; its name is of no matter. */
  destination(url: string, input?: Partial<CreateDestinationInput>): Promise<DestinationWithSecret>;
  /** Starts a worker that is stopped with the fixture. */
  worker(options?: Partial<DeliveryWorkerOptions>): DeliveryWorker;
  /** Books behind the hub's back, which records an event all the same. @returns the booking's id */
  book(): Promise<string>;
  /** Changes a booking once per title: an event each. */
  change(bookingId: string, ...titles: string[]): Promise<void>;
  /** All deliveries, the oldest first. */
  deliveries(): Promise<DeliveryResource[]>;
  attempts(deliveryId: string): Promise<DeliveryAttemptResource[]>;
  close(): Promise<void>;
}

/** Makes a new organisation in `db` that may send to loopback. */
export async function destinationFixture(
  db: Database,
  clock: Clock = systemClock,
): Promise<DestinationFixture> {
  const { orgId } = await createTestOrganisation(db);
  const wake = createLocalWake();
  const deps = createDestinationDeps(
    { db, clock, wake, secretBox: testSecretBox, config: { publicUrl: "http://hub.example" } },
    true,
  );
  const workers: DeliveryWorker[] = [];
  const receivers: Receiver[] = [];
  let names = 0;

  return {
    orgId,
    deps,
    wake,
    async receiver(by) {
      const started = await startReceiver(by);
      receivers.push(started);
      return started;
    },
    destination(url, input = {}) {
      names += 1;
      const whole = createDestinationSchema.parse({ name: `Destination ${names}`, url, ...input });
      return createDestination(deps, hubAuthor(orgId), whole);
    },
    worker(options = {}) {
      const log = pino({ level: "silent" });
      const worker = new DeliveryWorker({
        ...deps,
        log,
        retrySchedule: [0, 5, 300],
        random: () => 0.5,
        pollInterval: 50,
        ...options,
      });
      workers.push(worker);
      worker.start();
      return worker;
    },
    async book() {
      const [row] = await db.transaction(tenant(orgId), (tx) =>
        tx.query<{ id: string }>(
          `INSERT INTO booking (org_id, starts_at, ends_at, title)
           VALUES ($1, now(), now() + interval '1 hour', 'Visit') RETURNING id`,
          [orgId],
        ),
      );
      wake.signal("deliveries");
      return row?.id ?? "";
    },
    async change(bookingId, ...titles) {
      for (const title of titles) {
        await db.transaction(tenant(orgId), (tx) =>
          tx.query("UPDATE booking SET title = $1 WHERE id = $2", [title, bookingId]),
        );
        wake.signal("deliveries");
      }
    },
    async deliveries() {
      const page = { limit: 1_000_000, before: null };
      return (await listDeliveries({ db }, orgId, {}, page)).rows.toReversed();
    },
    attempts: async (deliveryId) =>
      (await listDeliveryAttempts({ db }, wholeView(orgId), deliveryId)).data,
    async close() {
      for (const worker of workers) await worker.stop(0);
      for (const receiver of receivers) await receiver.close();
      // Or the next test's worker would find what this one left open.
      await db.transaction(tenant(orgId), (tx) =>
        tx.query("UPDATE destination SET deleted_at = now()"),
      );
      await wake.close();
    },
  };
}
