import type { DemoSettings } from "@slotwire/contract";
import { oneOf, type Random } from "./seeded-random.ts";
import type { SimulatedMessage } from "./simulated-calcom.ts";

/** A message that is overtaken lets so many others pass … */
const PASSES = [1, 2, 3, 4];
/** … or goes out after so many milliseconds, when there are no others … */
const PATIENCE = 10_000;
/** … and where others come soon, or none are to come, after so many. */
const SHORT_PATIENCE = 1_000;
/** Of so many things in a minute the next one comes soon. */
const SOON = 60;
/** Messages on the heels of each other change places so many times as often as others. */
const ON_THE_HEELS = 5;

/** What becomes of one attempt to post a message. */
export type Fate = "arrives" | "is lost" | "answer is lost";

export interface DeliveryFaultsOptions {
  readonly random: Random;
  /** What goes wrong; asked anew for every message. */
  readonly settings: () => DemoSettings;
  /** The same event as a second subscription reports it, or null where there is no such thing. */
  readonly copyOf: (message: SimulatedMessage) => SimulatedMessage | null;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}

interface HeldMessage {
  readonly message: SimulatedMessage;
  passes: number;
  readonly dueAt: number;
}

/**
 * What real webhooks suffer: the same body twice, the same event from two subscriptions, later
 * news before earlier, requests and answers that get lost. Nothing is lost for good: a message is
 * held back until it was taken.
 */
export class DeliveryFaults {
  readonly #random: Random;
  readonly #settings: DeliveryFaultsOptions["settings"];
  readonly #copyOf: DeliveryFaultsOptions["copyOf"];
  readonly #now: () => number;
  #held: HeldMessage[] = [];
  #repeated = 0;

  constructor({ random, settings, copyOf, now }: DeliveryFaultsOptions) {
    this.#random = random;
    this.#settings = settings;
    this.#copyOf = copyOf;
    this.#now = now;
  }

  /** How many messages were made to be posted once more. */
  get repeated(): number {
    return this.#repeated;
  }

  /** The messages that are held back. */
  get held(): readonly SimulatedMessage[] {
    return this.#held.map(({ message }) => message);
  }

  /**
   * @param messages what has happened, in its order
   * @returns what is to be posted now, in this order, with what has been held back long enough
   */
  apply(messages: readonly SimulatedMessage[]): SimulatedMessage[] {
    const { delay_percent, delay_seconds, reorder_percent } = this.#settings();
    const isReversed = messages.length > 1 && this.#chance(reorder_percent * ON_THE_HEELS);
    const sent: SimulatedMessage[] = [];
    for (const message of isReversed ? messages.toReversed() : messages) {
      for (const one of [message, ...this.#repeatsOf(message)]) {
        if (this.#chance(delay_percent)) this.hold(one, this.#random() * delay_seconds * 1000);
        else if (this.#chance(reorder_percent)) this.#letPass(one);
        else sent.push(one);
      }
    }
    return [...sent, ...this.#release(sent.length)];
  }

  /** Holds a message back for so many milliseconds. */
  hold(message: SimulatedMessage, milliseconds: number): void {
    this.#held.push({ message, passes: Infinity, dueAt: this.#now() + milliseconds });
  }

  /** Decides what becomes of the next attempt to post something. */
  fate(): Fate {
    if (!this.#chance(this.#settings().fail_percent)) return "arrives";
    return this.#chance(50) ? "is lost" : "answer is lost";
  }

  /** Milliseconds until something that is held back is due; Infinity when nothing is. */
  nextIn(): number {
    const soonest = Math.min(...this.#held.map(({ dueAt }) => dueAt), Infinity);
    return Math.max(0, soonest - this.#now());
  }

  /** Everything that is held back: to be posted before the source falls silent. */
  rest(): SimulatedMessage[] {
    return this.#release(Infinity);
  }

  #letPass(message: SimulatedMessage): void {
    const passes = oneOf(this.#random, PASSES) ?? 1;
    const { per_minute } = this.#settings();
    const isSlow = per_minute > 0 && per_minute < SOON;
    const dueAt = this.#now() + (isSlow ? PATIENCE : SHORT_PATIENCE);
    this.#held.push({ message, passes, dueAt });
  }

  #repeatsOf(message: SimulatedMessage): SimulatedMessage[] {
    if (!this.#chance(this.#settings().duplicate_percent)) return [];
    this.#repeated += 1;
    const copy = this.#chance(50) ? this.#copyOf(message) : null;
    return [copy ?? message];
  }

  /** @param passed how many messages went out; Infinity lets everything go */
  #release(passed: number): SimulatedMessage[] {
    const now = this.#now();
    for (const one of this.#held) one.passes -= passed;
    const isDue = ({ passes, dueAt }: HeldMessage): boolean =>
      passed === Infinity || passes <= 0 || dueAt <= now;
    const released = this.#held.filter(isDue);
    this.#held = this.#held.filter((one) => !isDue(one));
    return released.map(({ message }) => message);
  }

  #chance(ofHundred: number): boolean {
    return this.#random() * 100 < ofHundred;
  }
}
