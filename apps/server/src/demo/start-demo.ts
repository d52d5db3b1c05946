import { randomInt } from "node:crypto";
import type { BookingEvent, DemoSettings } from "@slotwire/contract";
import type { Clock } from "../clock.ts";
import type { Hub } from "../http/app.types.ts";
import { readLogPosition } from "../ledger/read-log-position.ts";
import { demoControls } from "./demo-controls.ts";
import { type ReceiverCounts, startDemoReceiver } from "./demo-receiver.ts";
import { DemoSource } from "./demo-source.ts";
import { DEMO_NAME, type DemoRows, ensureDemo, pauseDemoDestination } from "./ensure-demo.ts";
import { readDemoVisits } from "./read-demo-visits.ts";
import { type Random, seededRandom } from "./seeded-random.ts";
import type { Visit } from "./visit.ts";

const USUAL_REFUSALS = 4;

export interface DemoOptions {
  /** Where the hub listens, without a trailing slash. */
  readonly address: string;
  /** How it behaves from the start, where that is not as usual. */
  readonly settings?: Partial<DemoSettings>;
  /** Decides everything that happens; a new one each time unless given. */
  readonly seed?: number;
  /** The simulated source's own; the hub's unless given. */
  readonly clock?: Clock;
  /** Of a hundred deliveries, how many the demo's receiver refuses at first. */
  readonly refusals?: number;
  /** Told of every event that reaches the demo's receiver. */
  readonly onEvent?: (event: BookingEvent, webhookId: string) => void;
}

/** A demo that is going on. */
export interface Demo {
  readonly orgId: string;
  /** The organisation's name, for people. */
  readonly name: string;
  /** What truly happened, whatever became of it on the way to the hub. */
  readonly visits: () => readonly Visit[];
  /** How many webhooks the hub has taken. */
  readonly posted: () => number;
  readonly received: () => ReceiverCounts;
  /** Ends the source, once everything that happened has been sent; the receiver stays. */
  silence(): Promise<void>;
  /** Ends the source and the receiver. */
  stop(): Promise<void>;
}

/**
 * Starts the demo: an organisation of its own whose simulated Cal.com posts signed webhooks to
 * the hub over HTTP, and a receiver on this machine that the hub delivers to. It goes on where an
 * earlier run has ended. Resolves when the organisation is there; its day fills in the background.
 */
export async function startDemo(hub: Hub, options: DemoOptions): Promise<Demo> {
  const random = seededRandom(options.seed ?? randomInt(2 ** 31));
  const { refusals = USUAL_REFUSALS, onEvent } = options;
  const receiver = await startDemoReceiver({
    // Apart from the source's, so that when deliveries arrive does not decide what happens.
    random: seededRandom(Math.floor(random() * 2 ** 31)),
    refusals,
    ...(onEvent && { onEvent }),
  });
  try {
    const rows = await ensureDemo(hub, receiver.url);
    receiver.trust(rows.destinationSecret);
    const source = await openSource(hub, rows, random, options);
    hub.demo.controls = demoControls(hub, rows, source);
    source.start();
    return {
      orgId: rows.orgId,
      name: DEMO_NAME,
      visits: () => source.visits,
      posted: () => source.counts.taken,
      received: receiver.counts,
      silence: () => source.stop(),
      async stop() {
        hub.demo.controls = null;
        await source.stop();
        await pauseDemoDestination(hub, rows);
        await receiver.close();
      },
    };
  } catch (error) {
    await receiver.close();
    throw error;
  }
}

/** Makes the source, with the visits that an earlier run has left. */
async function openSource(
  hub: Hub,
  { orgId, connectionId, connectionSecret }: DemoRows,
  random: Random,
  { address, settings, clock = hub.clock }: DemoOptions,
): Promise<DemoSource> {
  const options = {
    url: `${address}/api/webhooks/calcom/${connectionId}`,
    secret: connectionSecret,
    clock,
    random,
    log: hub.log,
    ...(settings && { settings }),
  };
  const visits = await readDemoVisits({ db: hub.db, clock }, orgId);
  return new DemoSource(options, { visits, position: await readLogPosition(hub.db, orgId) });
}
