import type { DemoCounts } from "@slotwire/contract";
import type { DeliveryFaults } from "./delivery-faults.ts";
import { type HubAnswer, postMessage } from "./post-message.ts";
import type { SimulatedMessage } from "./simulated-calcom.ts";

/** So many requests are under way at once; those about one visit go out one after the other. */
const AT_ONCE = 8;
/** How long after a failed attempt a message is posted again. Milliseconds. */
const RETRY_AFTER = 500;
/** The longest of these waits: each is twice the one before. */
const LONGEST_WAIT = 5_000;
/** How often a message that the hub says no to is posted. */
const ATTEMPTS = 5;
/** These mean "later", however often they come: too many at once, not ready, paused. */
const laterStatuses: ReadonlySet<number> = new Set([409, 429, 503]);

export type PostCounts = Pick<
  DemoCounts,
  "posted" | "lost_on_the_way" | "answers_lost" | "taken" | "refused" | "given_up"
>;

export interface PostmanOptions {
  /** The connection's webhook address. */
  readonly url: string;
  readonly faults: DeliveryFaults;
  /** Told of a message that was refused for good. */
  readonly onGivenUp: (message: SimulatedMessage) => void;
}

/**
 * Carries messages to the hub, and loses some as `DeliveryFaults` says. What was not heard to be
 * taken is held back, and posted again.
 */
export class Postman {
  readonly #url: string;
  readonly #faults: DeliveryFaults;
  readonly #onGivenUp: PostmanOptions["onGivenUp"];
  readonly #underWay: SimulatedMessage[] = [];
  readonly #attempts = new WeakMap<SimulatedMessage, number>();
  readonly #counts = {
    posted: 0,
    lost_on_the_way: 0,
    answers_lost: 0,
    taken: 0,
    refused: 0,
    given_up: 0,
  };

  constructor({ url, faults, onGivenUp }: PostmanOptions) {
    this.#url = url;
    this.#faults = faults;
    this.#onGivenUp = onGivenUp;
  }

  get counts(): PostCounts {
    return this.#counts;
  }

  /** The messages that are being posted now. */
  get underWay(): readonly SimulatedMessage[] {
    return this.#underWay;
  }

  /** Posts all of them, each once; resolves when every attempt is over. */
  async post(messages: readonly SimulatedMessage[]): Promise<void> {
    this.#underWay.push(...messages);
    const perVisit = [...Map.groupBy(messages, ({ icalUid }) => icalUid).values()];
    const carry = async (): Promise<void> => {
      for (let own = perVisit.shift(); own !== undefined; own = perVisit.shift()) {
        for (const message of own) await this.#attempt(message);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, carry));
  }

  /**
   * Posts the last of it, in order and without losing anything.
   * @returns how many were taken before the first that was not
   */
  async postLast(messages: readonly SimulatedMessage[]): Promise<number> {
    for (const [index, message] of messages.entries()) {
      if (!(await this.#send(message))) return index;
    }
    return messages.length;
  }

  async #attempt(message: SimulatedMessage): Promise<void> {
    const fate = this.#faults.fate();
    try {
      if (fate === "arrives") return void (await this.#send(message, true));
      this.#counts.posted += 1;
      if (fate === "answer is lost") {
        await postMessage(this.#url, message);
        this.#counts.answers_lost += 1;
      } else this.#counts.lost_on_the_way += 1;
      this.#faults.hold(message, RETRY_AFTER);
    } finally {
      this.#underWay.splice(this.#underWay.indexOf(message), 1);
    }
  }

  /** @returns whether it was taken */
  async #send(message: SimulatedMessage, triesAgain = false): Promise<boolean> {
    this.#counts.posted += 1;
    const answer = await postMessage(this.#url, message);
    const isTaken = answer !== null && answer.status >= 200 && answer.status < 300;
    this.#counts[isTaken ? "taken" : "refused"] += 1;
    if (!isTaken && triesAgain) this.#tryLater(message, answer);
    return isTaken;
  }

  #tryLater(message: SimulatedMessage, answer: HubAnswer | null): void {
    const attempts = (this.#attempts.get(message) ?? 0) + 1;
    this.#attempts.set(message, attempts);
    const isNo = answer !== null && !laterStatuses.has(answer.status);
    if (isNo && attempts >= ATTEMPTS) {
      this.#counts.given_up += 1;
      this.#onGivenUp(message);
      return;
    }
    this.#faults.hold(message, Math.min(RETRY_AFTER * 2 ** (attempts - 1), LONGEST_WAIT));
  }
}
