import { randomInt } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { BookingEvent } from "@slotwire/contract";
import type { Clock } from "../clock.ts";
import { loggableError } from "../db/loggable-error.ts";
import type { Hub } from "../http/app.types.ts";
import { DeliveryFaults } from "./delivery-faults.ts";
import { type ReceiverCounts, startDemoReceiver } from "./demo-receiver.ts";
import { DEMO_NAME, type DemoRows, ensureDemo, pauseDemoDestination } from "./ensure-demo.ts";
import { postMessage } from "./post-message.ts";
import { readDemoVisits } from "./read-demo-visits.ts";
import { SalonLife } from "./salon-life.ts";
import { type Random, seededRandom } from "./seeded-random.ts";
import { SimulatedCalcom, type SimulatedMessage } from "./simulated-calcom.ts";
import type { Visit } from "./visit.ts";

/** Milliseconds between two things that happen. */
export interface Pace {
  readonly least: number;
  readonly most: number;
}

const usualPace: Pace = { least: 2_000, most: 6_000 };
const USUAL_REFUSALS = 4;
/** How often a message that the hub did not take is posted again, and how long after. */
const ATTEMPTS = 5;
const RETRY_AFTER = 500;

export interface DemoOptions {
  /** Where the hub listens, without a trailing slash. */
  readonly address: string;
  readonly pace?: Pace;
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
    const source = await DemoSource.open(hub, rows, random, options);
    source.start();
    return {
      orgId: rows.orgId,
      name: DEMO_NAME,
      visits: () => source.visits,
      posted: () => source.posted,
      received: receiver.counts,
      silence: () => source.stop(),
      async stop() {
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

/** The simulated Cal.com, alive: decides, posts, waits, and again. */
class DemoSource {
  readonly #hub: Hub;
  readonly #url: string;
  readonly #random: Random;
  readonly #pace: Pace;
  readonly #calcom: SimulatedCalcom;
  readonly #life: SalonLife;
  readonly #faults: DeliveryFaults;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #posted = 0;

  private constructor(hub: Hub, rows: DemoRows, random: Random, options: DemoOptions) {
    const clock = options.clock ?? hub.clock;
    const calcom = new SimulatedCalcom({ secret: rows.connectionSecret, clock, random });
    this.#hub = hub;
    this.#url = `${options.address}/api/webhooks/calcom/${rows.connectionId}`;
    this.#random = random;
    this.#pace = options.pace ?? usualPace;
    this.#calcom = calcom;
    this.#life = new SalonLife({ calcom, clock, random });
    this.#faults = new DeliveryFaults({ random, copyOf: (message) => calcom.copyOf(message) });
  }

  /** Makes the source, with the visits that an earlier run has left. */
  static async open(
    hub: Hub,
    rows: DemoRows,
    random: Random,
    options: DemoOptions,
  ): Promise<DemoSource> {
    const source = new DemoSource(hub, rows, random, options);
    const { db } = hub;
    const { clock = hub.clock } = options;
    source.#calcom.adopt(await readDemoVisits({ db, clock }, rows.orgId));
    return source;
  }

  get visits(): readonly Visit[] {
    return this.#calcom.visits;
  }

  get posted(): number {
    return this.#posted;
  }

  start(): void {
    this.#running = this.#run().catch((error: unknown) => {
      this.#hub.log.error({ err: loggableError(error) }, "the demo's source has stopped");
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    // Kept in order: the day should stand at once as it is.
    await this.#post(this.#life.fillDays());
    while (await this.#pause()) await this.#post(this.#faults.apply(this.#life.next()));
    await this.#post(this.#faults.rest());
  }

  /** @returns false when the demo has to stop */
  async #pause(): Promise<boolean> {
    const { signal } = this.#stopping;
    const { least, most } = this.#pace;
    const wait = least + this.#random() * (most - least);
    await delay(wait, null, { signal, ref: false }).catch(() => null);
    return !signal.aborted;
  }

  async #post(messages: readonly SimulatedMessage[]): Promise<void> {
    for (const message of messages) {
      if (await this.#postUntilTaken(message)) this.#posted += 1;
      else this.#hub.log.warn({ trigger: message.trigger }, "a message of the demo was not taken");
    }
  }

  async #postUntilTaken(message: SimulatedMessage): Promise<boolean> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      if (await postMessage(this.#url, message)) return true;
      if (this.#stopping.signal.aborted) return false;
      await delay(RETRY_AFTER, null, { ref: false });
    }
    return false;
  }
}
