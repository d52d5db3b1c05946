import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { DemoCounts, DemoResource, DemoSettings } from "@slotwire/contract";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import { loggableError } from "../db/loggable-error.ts";
import { DeliveryFaults } from "./delivery-faults.ts";
import { type HubAnswer, postMessage } from "./post-message.ts";
import { Postman } from "./postman.ts";
import { SalonLife } from "./salon-life.ts";
import type { Random } from "./seeded-random.ts";
import { SimulatedCalcom, type SimulatedMessage } from "./simulated-calcom.ts";
import { usualSettings } from "./usual-settings.ts";
import type { Visit } from "./visit.ts";

/** So much happens at the most before it is posted. */
const AT_ONCE = 16;
/** While so many messages are held back, nothing further happens. */
const MOST_HELD = 2_000;
/** People book further ahead than usual when more than this happens in a minute. */
const BUSY = 60;
const MINUTE = 60_000;
/** The longest sleep. Milliseconds; a timer takes no more than 2³¹. */
const LONG = 60_000;

export interface DemoSourceOptions {
  /** The connection's webhook address. */
  readonly url: string;
  /** What it signs with. */
  readonly secret: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly settings?: Partial<DemoSettings>;
}

/** What an earlier run has left. */
export interface DemoRemains {
  readonly visits: readonly Visit[];
  /** The newest position of the organisation's event log. */
  readonly position: number;
}

type Burst = NonNullable<DemoResource["burst"]>;

/** The simulated Cal.com, alive: lets things happen, posts, waits, and again. */
export class DemoSource {
  readonly runId = randomUUID();
  /** When it was made. */
  readonly beganAt: Date;
  /** The newest position of the organisation's event log then. */
  readonly beganPosition: number;
  readonly #options: DemoSourceOptions;
  readonly #calcom: SimulatedCalcom;
  readonly #life: SalonLife;
  readonly #faults: DeliveryFaults;
  readonly #postman: Postman;
  readonly #stopping = new AbortController();
  #settings: DemoSettings;
  #burst: Burst | null = null;
  #happened = 0;
  /** When something happens next by itself, by `performance.now()`. */
  #nextAt = 0;
  #wake: () => void = () => {};
  #running: Promise<void> = Promise.resolve();

  constructor(options: DemoSourceOptions, { visits, position }: DemoRemains) {
    const { clock, random, url, secret, log } = options;
    const calcom = new SimulatedCalcom({ secret, clock, random });
    calcom.adopt(visits);
    this.beganAt = clock.now();
    this.beganPosition = position;
    this.#options = options;
    this.#settings = { ...usualSettings, ...options.settings };
    this.#calcom = calcom;
    this.#life = new SalonLife({ calcom, clock, random });
    this.#faults = new DeliveryFaults({
      random,
      settings: () => this.#settings,
      copyOf: (message) => calcom.copyOf(message),
      now: () => performance.now(),
    });
    this.#postman = new Postman({
      url,
      faults: this.#faults,
      onGivenUp: ({ trigger }) => log.warn({ trigger }, "a message of the demo was not taken"),
    });
  }

  get visits(): readonly Visit[] {
    return this.#calcom.visits;
  }

  get settings(): DemoSettings {
    return this.#settings;
  }

  get burst(): Burst | null {
    return this.#burst;
  }

  get counts(): DemoCounts {
    return {
      happened: this.#happened,
      ...this.#postman.counts,
      posted_twice: this.#faults.repeated,
      held_back: this.#faults.held.length + this.#postman.underWay.length,
    };
  }

  /** Visits about which the hub has not taken everything, by their lasting ids. */
  get openVisits(): readonly string[] {
    const open = [...this.#faults.held, ...this.#postman.underWay];
    return [...new Set(open.map(({ icalUid }) => icalUid))];
  }

  /** The number of the last change of any visit. */
  get lastChange(): number {
    return this.#calcom.lastChange;
  }

  /** As `SimulatedCalcom.changedSince`. */
  changedSince(change: number): ReturnType<SimulatedCalcom["changedSince"]> {
    return this.#calcom.changedSince(change);
  }

  change(settings: DemoSettings): void {
    this.#settings = settings;
    this.#nextAt = 0;
    this.#wake();
  }

  /**
   * Lets so much happen as fast as the hub takes it.
   * @returns false while the former is still under way
   */
  begin(count: number): boolean {
    if (this.#burst?.state === "running") return false;
    this.#burst = { state: "running", asked: count, happened: 0 };
    this.#wake();
    return true;
  }

  cancel(): void {
    if (this.#burst?.state === "running") this.#burst = { ...this.#burst, state: "cancelled" };
  }

  /** Posts what tries out a subscription, signed with the connection's secret or with another. */
  ping(signed: "right" | "wrong"): Promise<HubAnswer | null> {
    const { url, clock, random } = this.#options;
    const stranger = new SimulatedCalcom({ secret: randomUUID(), clock, random });
    const from = signed === "right" ? this.#calcom : stranger;
    return postMessage(url, from.ping());
  }

  start(): void {
    this.#running = this.#run().catch((error: unknown) => {
      this.#options.log.error({ err: loggableError(error) }, "the demo's source has stopped");
    });
  }

  /** Ends it, once everything that happened has been posted. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    // Kept in order: the day should stand at once as it is.
    const day = this.#life.fillDays();
    this.#happened += day.length;
    await this.#postman.post(day);
    while (!this.#stopping.signal.aborted) {
      const now = this.#faults.apply(this.#letHappen());
      if (now.length > 0) await this.#postman.post(now);
      else await this.#sleep();
    }
    const rest = this.#faults.rest();
    const left = rest.length - (await this.#postman.postLast(rest));
    if (left > 0) this.#options.log.warn({ left }, "messages of the demo were not taken");
  }

  /** What happens now: by the pace, or as much at once as was asked for. */
  #letHappen(): SimulatedMessage[] {
    if (this.#faults.held.length >= MOST_HELD) return [];
    const burst = this.#burst?.state === "running" ? this.#burst : null;
    const wanted = burst === null ? this.#dueByPace() : AT_ONCE;
    const most = burst === null ? wanted : Math.min(wanted, burst.asked - burst.happened);
    const isRush = burst !== null || this.#settings.per_minute > BUSY;
    const messages: SimulatedMessage[] = [];
    let isOver = false;
    while (messages.length < most && !isOver) {
      const next = this.#life.next(isRush);
      messages.push(...next);
      isOver = next.length === 0;
    }
    this.#happened += messages.length;
    if (burst !== null) this.#advance(burst, messages.length, isOver);
    return messages;
  }

  #advance(burst: Burst, happened: number, isOver: boolean): void {
    // The last thing may have happened with another one on its heels.
    const sum = Math.min(burst.asked, burst.happened + happened);
    const state = sum >= burst.asked || isOver ? "done" : burst.state;
    this.#burst = { ...burst, happened: sum, state };
  }

  /** How many things the pace says are due. */
  #dueByPace(): number {
    const { per_minute } = this.#settings;
    const now = performance.now();
    if (per_minute === 0 || now < this.#nextAt) return 0;
    const apart = MINUTE / per_minute;
    const late = this.#nextAt === 0 ? 0 : now - this.#nextAt;
    const due = Math.min(AT_ONCE, 1 + Math.floor(late / apart));
    // What it could not keep up with is let go. About regular, as in life.
    this.#nextAt = now + apart * (0.5 + this.#options.random());
    return due;
  }

  /** Until something is due, is asked for, or the demo stops. */
  async #sleep(): Promise<void> {
    const isResting = this.#settings.per_minute === 0;
    const isFull = this.#faults.held.length >= MOST_HELD;
    const toNext = isResting || isFull ? LONG : this.#nextAt - performance.now();
    const wait = Math.max(1, Math.min(toNext, this.#faults.nextIn(), LONG));
    const awoken = new AbortController();
    this.#wake = () => awoken.abort();
    if (this.#stopping.signal.aborted) return;
    await delay(wait, null, { signal: awoken.signal, ref: false }).catch(() => null);
    this.#wake = () => {};
  }
}
