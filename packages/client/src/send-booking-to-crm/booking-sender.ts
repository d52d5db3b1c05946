import type { BookingOutbox } from "./booking-outbox.ts";
import { type Attempt, type BookingTarget, postBooking } from "./post-booking.ts";
import { entryOf, type OutboxEntry, type SendResult, type SiteBooking } from "./site-booking.ts";

export interface BookingSenderOptions {
  /** Address of the hub, for example `https://crm.example.com`. */
  readonly url: string | null;
  /** The secret that the hub knows the site by. */
  readonly secret: string | null;
  readonly outbox: BookingOutbox;
  /** Told of whatever is put aside, or could not be kept. */
  readonly onProblem?: (problem: string) => void;
  readonly fetch?: typeof globalThis.fetch;
  /** How long the hub may take to answer, ms; 15,000 unless given. */
  readonly timeout?: number;
  /** Before each next round while the hub cannot be reached, ms; the last one stays. */
  readonly retryDelays?: readonly number[];
  readonly now?: () => Date;
}

/** Sends a site's bookings to the hub, and again until it has them. */
export interface BookingSender {
  /**
   * Keeps a booking in the outbox and posts it. Resolves when it is taken or safely kept.
   * @throws when it can neither be kept nor sent
   */
  send(booking: SiteBooking): Promise<SendResult>;
  /** Posts everything that waits. @returns how much is still left */
  flush(): Promise<number>;
  /** Tries no more; what is left stays in the outbox. Resolves when nothing is under way. */
  close(): Promise<void>;
}

const SECOND = 1000;
const delays = [1, 2, 5, 15, 30, 60, 300].map((seconds) => seconds * SECOND);

/** Makes a sender, and begins with what an earlier one left in the outbox. */
export function createBookingSender(options: BookingSenderOptions): BookingSender {
  const sender = new Sender(options);
  sender.flushAfter(0);
  return sender;
}

class Sender implements BookingSender {
  readonly #outbox: BookingOutbox;
  readonly #target: BookingTarget;
  readonly #delays: readonly number[];
  readonly #now: () => Date;
  readonly #onProblem: (problem: string) => void;
  /** What callers wait for, by key: rounds leave it to them. */
  readonly #sending = new Map<string, Promise<SendResult>>();
  #round: Promise<number> | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** How many rounds in a row left something. */
  #failures = 0;
  #isClosed = false;

  constructor(options: BookingSenderOptions) {
    this.#outbox = options.outbox;
    this.#target = {
      url: options.url?.replace(/\/+$/, "") ?? null,
      secret: options.secret,
      timeout: options.timeout ?? 15 * SECOND,
      fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
    };
    this.#delays = options.retryDelays ?? delays;
    this.#now = options.now ?? (() => new Date());
    this.#onProblem = options.onProblem ?? (() => {});
  }

  send(booking: SiteBooking): Promise<SendResult> {
    const entry = entryOf(booking, this.#now());
    const known = this.#sending.get(entry.key);
    if (known !== undefined) return known;
    const result = this.#keepAndSend(entry).finally(() => this.#sending.delete(entry.key));
    this.#sending.set(entry.key, result);
    return result;
  }

  async #keepAndSend(entry: OutboxEntry): Promise<SendResult> {
    try {
      await this.#outbox.add(entry);
    } catch (error) {
      return this.#sendUnkept(entry, error);
    }
    const attempt = await this.#attempt(entry);
    if (attempt === null) {
      // Whoever has it may die before it is sent.
      this.flushAfter(this.#delay());
      return queued("It is kept, and sent by somebody else or later.");
    }
    if (attempt.outcome === "failed") {
      this.flushAfter(attempt.retryAfter ?? this.#delay());
      return queued(attempt.error);
    }
    return resultOf(attempt);
  }

  flush(): Promise<number> {
    this.#round ??= this.#sendAll().finally(() => {
      this.#round = null;
    });
    return this.#round;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#round?.catch(() => {});
    await Promise.allSettled(this.#sending.values());
  }

  /** Starts a round later, unless one is planned. It keeps no process alive. */
  flushAfter(delay: number): void {
    if (this.#isClosed || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.flush().catch((error: unknown) => {
        this.#onProblem(`The outbox cannot be read: ${String(error)}`);
        this.flushAfter(this.#delay());
      });
    }, delay);
    // Node's timers are objects, a browser's are numbers.
    (this.#timer as { readonly unref?: () => void }).unref?.();
  }

  async #sendAll(): Promise<number> {
    const entries = await this.#outbox.list();
    let left = entries.length;
    let wait: number | null = null;
    for (const entry of entries) {
      if (this.#isClosed) return left;
      if (this.#sending.has(entry.key)) continue;
      const attempt = await this.#attempt(entry);
      if (attempt !== null && attempt.outcome !== "failed") left -= 1;
      if (attempt?.outcome !== "failed") continue;
      wait = Math.max(wait ?? 0, attempt.retryAfter ?? 0);
      if (attempt.isUnreachable) break;
    }
    this.#failures = left === 0 ? 0 : this.#failures + 1;
    if (left > 0) this.flushAfter(Math.max(this.#delay(), wait ?? 0));
    return left;
  }

  /** Null when somebody else has it, it is sent already, or it cannot be taken. */
  async #attempt(entry: OutboxEntry): Promise<Attempt | null> {
    if (!(await this.#claim(entry))) return null;
    const attempt = await postBooking(this.#target, entry.body);
    try {
      await this.#settle(entry, attempt);
    } catch (error) {
      // The hub recognises what it gets again.
      this.#onProblem(`The outbox cannot be written: ${String(error)}`);
    }
    return attempt;
  }

  async #claim({ key }: OutboxEntry): Promise<boolean> {
    try {
      return await this.#outbox.claim(key);
    } catch (error) {
      this.#onProblem(`A booking cannot be taken from the outbox: ${String(error)}`);
      return false;
    }
  }

  async #settle({ key }: OutboxEntry, attempt: Attempt): Promise<void> {
    if (attempt.outcome === "taken") return this.#outbox.remove(key);
    if (attempt.outcome === "failed") return this.#outbox.release(key);
    const reason = JSON.stringify(attempt.answer);
    this.#onProblem(`The hub does not understand a booking; it is put aside: ${reason}`);
    return this.#outbox.putAside(key, reason);
  }

  /** Without a place to keep it there is only this one try. */
  async #sendUnkept({ body }: OutboxEntry, reason: unknown): Promise<SendResult> {
    this.#onProblem(`A booking cannot be kept in the outbox: ${String(reason)}`);
    const attempt = await postBooking(this.#target, body);
    if (attempt.outcome !== "failed") return resultOf(attempt);
    throw new Error(`A booking can neither be kept nor sent. ${attempt.error}`, { cause: reason });
  }

  /** Half of it and up to as much again, so that many sites do not come back at once. */
  #delay(): number {
    const at = Math.min(this.#failures, this.#delays.length - 1);
    const delay = this.#delays[at] ?? SECOND;
    return delay / 2 + (Math.random() * delay) / 2;
  }
}

function queued(error: string): SendResult {
  return { success: false, queued: true, error };
}

function resultOf(attempt: Exclude<Attempt, { outcome: "failed" }>): SendResult {
  return attempt.outcome === "taken"
    ? attempt.answer
    : { success: false, queued: false, ...attempt.answer };
}
