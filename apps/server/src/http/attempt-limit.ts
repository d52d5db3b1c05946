import type { Clock } from "../clock.ts";
import { SlotwireError } from "../errors.ts";

interface Bucket {
  tokens: number;
  /** Milliseconds since 1970. */
  filledAt: number;
}

/** How many addresses are remembered: the longest unseen is forgotten first. */
const MAX_ADDRESSES = 10_000;

/**
 * A token bucket per address: `burst` attempts at once, then one every `interval` milliseconds.
 * It lives in this process; a hub of several nodes allows as many times more.
 */
export class AttemptLimit {
  readonly #buckets = new Map<string, Bucket>();
  readonly #clock: Clock;
  readonly #burst: number;
  readonly #interval: number;

  constructor(clock: Clock, limit: { readonly burst: number; readonly interval: number }) {
    this.#clock = clock;
    this.#burst = limit.burst;
    this.#interval = limit.interval;
  }

  /**
   * Counts one attempt.
   * @returns the seconds to wait when it is one too many, else 0
   */
  take(address: string): number {
    const now = this.#clock.now().getTime();
    const before = this.#buckets.get(address) ?? { tokens: this.#burst, filledAt: now };
    // A clock that was set back takes nothing away.
    const refilled = before.tokens + Math.max(0, now - before.filledAt) / this.#interval;
    const tokens = Math.min(this.#burst, refilled);
    this.#buckets.delete(address);
    this.#buckets.set(address, { tokens: tokens < 1 ? tokens : tokens - 1, filledAt: now });
    this.#forgetOldest();
    return tokens < 1 ? Math.ceil(((1 - tokens) * this.#interval) / 1000) : 0;
  }

  #forgetOldest(): void {
    if (this.#buckets.size <= MAX_ADDRESSES) return;
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}

/**
 * @throws SlotwireError E_RATE_LIMITED with the seconds to wait
 */
export function requireAttempt(limit: AttemptLimit, address: string): void {
  const seconds = limit.take(address);
  if (seconds > 0) {
    throw new SlotwireError("E_RATE_LIMITED", { extra: { retry_after_seconds: seconds } });
  }
}
