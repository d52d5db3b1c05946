import type { Clock } from "../../clock.ts";

interface Bucket {
  tokens: number;
  /** Milliseconds since 1970. */
  filledAt: number;
}

const MINUTE = 60_000;
/** More buckets are forgotten at once: a hub has a handful of connections. */
const MAX_BUCKETS = 1_000;

/**
 * A token bucket per connection: a minute's messages at once, then as many as each minute allows.
 * It lives in this process; a hub of several nodes takes as many times more.
 */
export class MessageLimit {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Counts one message.
   * @returns the seconds to wait when it is one too many, else 0
   */
  take(connectionId: string, perMinute: number): number {
    const now = this.#clock.now().getTime();
    const before = this.#buckets.get(connectionId) ?? { tokens: perMinute, filledAt: now };
    const elapsed = Math.max(0, now - before.filledAt);
    const tokens = Math.min(perMinute, before.tokens + (elapsed / MINUTE) * perMinute);
    const isOver = tokens < 1;
    if (!this.#buckets.has(connectionId) && this.#buckets.size >= MAX_BUCKETS)
      this.#buckets.clear();
    this.#buckets.set(connectionId, { tokens: isOver ? tokens : tokens - 1, filledAt: now });
    return isOver ? Math.ceil(((1 - tokens) * MINUTE) / perMinute / 1000) : 0;
  }
}
