import type { FastifyReply } from "fastify";
import type { Clock } from "../clock.ts";
import { SlotwireError } from "../errors.ts";

interface Bucket {
  tokens: number;
  /** Milliseconds since 1970. */
  filledAt: number;
}

/** What a request leaves of a limit. Seconds, rounded up. */
interface Left {
  readonly remaining: number;
  /** Until all of the limit is there again. */
  readonly full: number;
  /** Until one more request is let through; 0 when this one is. */
  readonly wait: number;
}

const MINUTE = 60_000;
/** How many buckets are kept: the longest unused is forgotten first. */
const MAX_BUCKETS = 100_000;

/**
 * A token bucket per name: a minute's requests at once, and then as many as come in again. It
 * lives in this process; a hub of several nodes lets through as many times more.
 */
export class KeyLimit {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts one request. */
  take(name: string, perMinute: number): Left {
    const now = this.#clock.now().getTime();
    const before = this.#buckets.get(name) ?? { tokens: perMinute, filledAt: now };
    const refilled = before.tokens + ((now - before.filledAt) * perMinute) / MINUTE;
    const available = Math.min(perMinute, refilled);
    const tokens = available < 1 ? available : available - 1;
    this.#buckets.delete(name);
    this.#buckets.set(name, { tokens, filledAt: now });
    this.#forgetOldest();
    const secondsTo = (amount: number): number => Math.ceil(((amount - tokens) * 60) / perMinute);
    return {
      remaining: Math.floor(tokens),
      full: secondsTo(perMinute),
      wait: available < 1 ? Math.max(1, secondsTo(1)) : 0,
    };
  }

  #forgetOldest(): void {
    if (this.#buckets.size <= MAX_BUCKETS) return;
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}

/**
 * Counts one request and says in the answer's headers what is left: in the form of
 * draft-ietf-httpapi-ratelimit-headers-10 (`RateLimit-Policy` and `RateLimit`, structured fields),
 * and in that of its versions up to 06, which more clients know.
 * @param name of the bucket
 * @throws SlotwireError E_RATE_LIMITED with the seconds to wait
 */
export function requireLimit(
  limit: KeyLimit,
  name: string,
  perMinute: number,
  reply: FastifyReply,
): void {
  const { remaining, full, wait } = limit.take(name, perMinute);
  reply.headers({
    "ratelimit-policy": `"key";q=${perMinute};w=60`,
    ratelimit: `"key";r=${remaining};t=${full}`,
    "ratelimit-limit": perMinute,
    "ratelimit-remaining": remaining,
    "ratelimit-reset": full,
  });
  if (wait === 0) return;
  throw new SlotwireError("E_RATE_LIMITED", {
    detail: `The key may make ${perMinute} requests a minute.`,
    extra: { retry_after_seconds: wait },
  });
}
