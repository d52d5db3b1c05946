import { setTimeout as delay } from "node:timers/promises";
import type { WakeTopic } from "./wake.ts";

/** At most one NOTIFY in this time, in milliseconds: each takes a lock of the whole server. */
const INTERVAL = 3;

/** Sends one message to the other nodes; rejects when it cannot. */
export type SendWake = (topics: readonly WakeTopic[]) => Promise<void>;

/** Gathers topics for the other nodes: the first goes out at once, then all of an interval together. */
export class WakeSender {
  readonly #unsent = new Set<WakeTopic>();
  #send: SendWake | null = null;
  #isSending = false;

  add(topic: WakeTopic): void {
    this.#unsent.add(topic);
    this.#start();
  }

  /** Sends by `send` from now on, what is waiting first; null while there is no connection. */
  sendBy(send: SendWake | null): void {
    this.#send = send;
    this.#start();
  }

  #start(): void {
    if (this.#isSending || this.#send === null || this.#unsent.size === 0) return;
    this.#isSending = true;
    // On a microtask: what is signalled in the same breath goes in the same message.
    queueMicrotask(() => void this.#drain());
  }

  async #drain(): Promise<void> {
    while (this.#send !== null && this.#unsent.size > 0) {
      const topics = [...this.#unsent];
      this.#unsent.clear();
      try {
        await this.#send(topics);
      } catch {
        // The connection is broken, which its owner sees for itself; the next one sends the rest.
        for (const topic of topics) this.#unsent.add(topic);
        break;
      }
      await delay(INTERVAL);
    }
    this.#isSending = false;
  }
}
