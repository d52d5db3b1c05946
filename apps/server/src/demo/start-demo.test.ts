import { afterEach, describe, expect, test } from "vitest";
import type { BookingEvent, BookingResource } from "@slotwire/contract";
import { createTestHub, type TestHub } from "../../test/test-hub.ts";
import { until } from "../../test/until.ts";
import { connectors } from "../cli/connectors.ts";
import { startWorkers } from "../cli/start-workers.ts";
import type { Clock } from "../clock.ts";
import { loadConfig } from "../config.ts";
import { system } from "../db/database.ts";
import { createLocalWake } from "../db/local-wake.ts";
import { wholeView } from "../domain/views/view.ts";
import { listBookings } from "../ledger/list-bookings.ts";
import { readEvents } from "../ledger/read-events.ts";
import { withDemoSettings } from "./demo-settings.ts";
import { type Demo, type DemoOptions, startDemo } from "./start-demo.ts";
import type { Visit } from "./visit.ts";

const SEED = 20260310;
const MESSAGES = 300;
const MINUTE = 60_000;

/** A day that passes quickly: every look at the clock costs some minutes. */
function quickClock(start: string): Clock {
  let now = Date.parse(start);
  return { now: () => new Date((now += 2 * MINUTE)) };
}

interface RunningTest {
  readonly testHub: TestHub;
  readonly address: string;
  /** Every event that the demo's receiver took, in the order of arrival. */
  readonly received: { readonly event: BookingEvent; readonly webhookId: string }[];
  start(options?: Partial<DemoOptions>): Promise<Demo>;
}

describe("the demo", () => {
  const cleanUps: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  });

  async function run(): Promise<RunningTest> {
    const retrySchedule = Array.from({ length: 20 }, () => 0);
    const config = withDemoSettings({ ...loadConfig({}, { demo: true }), retrySchedule });
    const testHub = await createTestHub({ config, connectors, wake: createLocalWake() });
    cleanUps.push(() => testHub.close());
    const workers = await startWorkers(testHub.hub);
    cleanUps.push(() => workers.stop(5_000));
    const address = await testHub.app.listen({ host: "127.0.0.1", port: 0 });
    const received: RunningTest["received"] = [];
    const start = async (options: Partial<DemoOptions> = {}): Promise<Demo> => {
      const demo = await startDemo(testHub.hub, {
        address,
        seed: SEED,
        settings: { per_minute: 18_000, delay_seconds: 1 },
        clock: quickClock("2026-03-10T09:00:00Z"),
        onEvent: (event, webhookId) => void received.push({ event, webhookId }),
        ...options,
      });
      cleanUps.push(() => demo.stop());
      return demo;
    };
    return { testHub, address, received, start };
  }

  const ledgerOf = async ({ testHub }: RunningTest, orgId: string): Promise<BookingResource[]> => {
    const page = { limit: 1000, after: null };
    return (await listBookings(testHub.hub, wholeView(orgId), {}, page)).bookings;
  };

  const eventsOf = ({ testHub }: RunningTest, orgId: string): Promise<BookingEvent[]> =>
    readEvents(testHub.hub.db, orgId, 0, 10_000);

  /** Sends so many messages, and lets what is on its way arrive. */
  async function live(demo: Demo, messages: number): Promise<void> {
    await until(() => demo.posted() >= messages, 60_000);
    await demo.silence();
  }

  test(
    "leaves each true visit exactly once in the ledger, and tells the receiver each event once",
    { timeout: 90_000 },
    async () => {
      const running = await run();
      const demo = await running.start({ refusals: 10 });
      await live(demo, MESSAGES);
      const { orgId } = demo;
      const truth = demo.visits();
      await until(async () => (await waitingMessages(running, orgId)) === 0);

      const bookings = await ledgerOf(running, orgId);
      const byState = (a: { uid: string }, b: { uid: string }): number => (a.uid < b.uid ? -1 : 1);
      expect(bookings.map(stateOfBooking).toSorted(byState)).toEqual(
        truth.map(stateOfVisit).toSorted(byState),
      );

      const events = await eventsOf(running, orgId);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      await until(() => demo.received().taken >= events.length);
      const { received } = running;
      expect(received.map(({ event }) => event.id).toSorted()).toEqual(
        events.map(({ id }) => id).toSorted(),
      );
      expect(new Set(received.map(({ webhookId }) => webhookId)).size).toBe(events.length);
      for (const own of Map.groupBy(received, ({ event }) => event.booking_id).values()) {
        const versions = own.map(({ event }) => event.booking_version);
        expect(versions).toEqual(versions.toSorted((a, b) => a - b));
      }
      expect(demo.received()).toMatchObject({ repeated: 0, invalid: 0 });
      expect(demo.received().refused).toBeGreaterThan(0);
    },
  );

  test("goes on where it ended, without a second organisation or a flood", async () => {
    const running = await run();
    const start = "2026-03-10T09:00:00Z";
    const standing: Clock = { now: () => new Date(start) };
    const calm = { clock: standing, settings: { per_minute: 0 } };
    const first = await running.start(calm);
    await until(() => first.posted() >= 20);
    await first.stop();
    const before = await ledgerOf(running, first.orgId);
    const second = await running.start({ ...calm, seed: SEED + 1 });
    await second.stop();
    expect(second.orgId).toBe(first.orgId);
    expect(await ledgerOf(running, first.orgId)).toEqual(before);
    expect(second.visits().map(stateOfVisit)).toEqual(
      expect.arrayContaining(first.visits().map(stateOfVisit)),
    );
    const third = await running.start({ seed: SEED + 2 });
    await live(third, 60);
    expect(await waitingMessages(running, third.orgId)).toBe(0);
  });

  test("stays out of the default organisation, and lets its owner in", async () => {
    const running = await run();
    const demo = await running.start();
    await live(demo, 30);
    const { hub, ownerId } = running.testHub;
    expect(await ledgerOf(running, hub.defaultOrgId)).toEqual([]);
    const members = await hub.db.transaction(system, (tx) =>
      tx.query("SELECT role FROM membership WHERE org_id = $1 AND user_id = $2", [
        demo.orgId,
        ownerId,
      ]),
    );
    expect(members).toEqual([{ role: "owner" }]);
  });

  test("opens the machine's own address to deliveries, and only in demo mode", () => {
    const settings = { SLOTWIRE_ALLOW_PRIVATE_DESTINATIONS: "10.0.0.0/8" };
    const usual = loadConfig(settings);
    expect(withDemoSettings(usual)).toBe(usual);
    const { allowPrivateDestinations } = withDemoSettings(loadConfig(settings, { demo: true }));
    expect(allowPrivateDestinations).toEqual(["10.0.0.0/8", "127.0.0.1/32"]);
  });
});

async function waitingMessages({ testHub }: RunningTest, orgId: string): Promise<number> {
  const rows = await testHub.hub.db.transaction(system, (tx) =>
    tx.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM inbound_message
        WHERE org_id = $1 AND status IN ('received', 'waiting', 'failed')`,
      [orgId],
    ),
  );
  return rows[0]?.count ?? 0;
}

const stateOfVisit = ({ uid, status, startsAt, endsAt, previousUids }: Visit) => ({
  uid,
  previousUids: previousUids.toSorted(),
  status,
  startsAt,
  endsAt,
});

function stateOfBooking(booking: BookingResource): ReturnType<typeof stateOfVisit> {
  const uids = booking.external_refs.filter(({ kind }) => kind === "uid");
  const current = uids.filter(({ superseded_at }) => superseded_at === null);
  expect(current).toHaveLength(1);
  return {
    uid: current[0]?.external_id ?? "",
    previousUids: uids
      .filter(({ superseded_at }) => superseded_at !== null)
      .map(({ external_id }) => external_id)
      .toSorted(),
    status: booking.status,
    startsAt: booking.starts_at,
    endsAt: booking.ends_at,
  };
}
