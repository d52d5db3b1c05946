import { oneOf, type Random } from "./seeded-random.ts";
import type { SimulatedMessage } from "./simulated-calcom.ts";

/** Of a hundred messages, how many go wrong on the way, and how. */
const ARE_HELD_BACK = 8;
const ARE_SENT_TWICE = 6;
const ARE_REPORTED_TWICE = 5;
/** Of a hundred things that cause several messages at once, how many arrive the wrong way round. */
const ARE_REVERSED = 50;
/** A message that is held back lets so many others pass. */
const PASSES = [1, 2, 3, 4];

export interface DeliveryFaultsOptions {
  readonly random: Random;
  /** The same event as a second subscription reports it, or null where there is no such thing. */
  readonly copyOf: (message: SimulatedMessage) => SimulatedMessage | null;
}

/**
 * What real webhooks suffer: the same body twice, the same event from two subscriptions, later
 * news before earlier. Nothing is lost.
 */
export class DeliveryFaults {
  readonly #random: Random;
  readonly #copyOf: DeliveryFaultsOptions["copyOf"];
  #held: { readonly message: SimulatedMessage; passes: number }[] = [];

  constructor({ random, copyOf }: DeliveryFaultsOptions) {
    this.#random = random;
    this.#copyOf = copyOf;
  }

  /**
   * @param messages what one thing that happened has caused, in its order
   * @returns what is to be sent now, in this order
   */
  apply(messages: readonly SimulatedMessage[]): SimulatedMessage[] {
    const isReversed = messages.length > 1 && this.#chance(ARE_REVERSED);
    const sent: SimulatedMessage[] = [];
    for (const message of isReversed ? messages.toReversed() : messages) {
      for (const one of [message, ...this.#repeatsOf(message)]) {
        if (!this.#chance(ARE_HELD_BACK)) sent.push(one);
        else this.#held.push({ message: one, passes: oneOf(this.#random, PASSES) ?? 1 });
      }
    }
    return [...sent, ...this.#release(Math.max(sent.length, 1))];
  }

  /** What is still held back: to be sent before the source falls silent. */
  rest(): SimulatedMessage[] {
    return this.#release(Infinity);
  }

  #repeatsOf(message: SimulatedMessage): SimulatedMessage[] {
    if (this.#chance(ARE_SENT_TWICE)) return [message];
    if (!this.#chance(ARE_REPORTED_TWICE)) return [];
    const copy = this.#copyOf(message);
    return copy === null ? [] : [copy];
  }

  #release(passed: number): SimulatedMessage[] {
    for (const one of this.#held) one.passes -= passed;
    const released = this.#held.filter(({ passes }) => passes <= 0);
    this.#held = this.#held.filter(({ passes }) => passes > 0);
    return released.map(({ message }) => message);
  }

  #chance(ofHundred: number): boolean {
    return this.#random() * 100 < ofHundred;
  }
}
