import { setImmediate as endOfTurn, setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { Queryable } from "../db/database.ts";
import { type Outcome, settleDeliveries } from "./queries.ts";

/** How often an outcome is tried to be written; after that its lease ends and it is sent again. */
const MOST_TRIES = 5;
const PAUSE_BETWEEN_TRIES = 500;

interface Waiting {
  readonly outcome: Outcome;
  readonly done: (more: boolean) => void;
}

/**
 * Writes outcomes in groups: whatever ends while one group is being written goes with the next,
 * so that a busy hub commits once for many.
 */
export class SettleQueue {
  readonly #db: Queryable;
  readonly #log: Logger;
  readonly #pause: number;
  #waiting: Waiting[] = [];
  #isWriting = false;

  /** @param pause milliseconds between the tries to write an outcome */
  constructor(db: Queryable, log: Logger, pause = PAUSE_BETWEEN_TRIES) {
    this.#db = db;
    this.#log = log;
    this.#pause = pause;
  }

  /**
   * Resolves when the outcome is committed, or was given up (it is sent again then).
   * @returns whether something that waited for this delivery or its group can be sent now
   */
  settle(outcome: Outcome): Promise<boolean> {
    return new Promise((done) => {
      this.#waiting.push({ outcome, done });
      if (!this.#isWriting) void this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      // All whose answers have arrived by now go along.
      await endOfTurn();
      const group = this.#waiting;
      this.#waiting = [];
      const more = await this.#writeGroup(group.map(({ outcome }) => outcome));
      for (const { done } of group) done(more);
    }
    this.#isWriting = false;
  }

  async #writeGroup(outcomes: readonly Outcome[]): Promise<boolean> {
    try {
      return await settleDeliveries(this.#db, outcomes);
    } catch (error) {
      this.#log.warn({ err: error, count: outcomes.length }, "outcomes could not be written");
    }
    // One by one, so that one that cannot be written takes no other down.
    let more = false;
    for (const outcome of outcomes) more = (await this.#writeOne(outcome)) || more;
    return more;
  }

  async #writeOne(outcome: Outcome): Promise<boolean> {
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      try {
        return await settleDeliveries(this.#db, [outcome]);
      } catch (error) {
        const delivery = outcome.delivery_id;
        this.#log.error({ err: error, delivery, tries }, "an outcome could not be written");
        if (tries < MOST_TRIES) await delay(this.#pause);
      }
    }
    return false;
  }
}
