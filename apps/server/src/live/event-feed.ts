import type { Logger } from "pino";
import type { Database } from "../db/database.ts";
import type { Wake } from "../db/wake.ts";
import { coalesce } from "./coalesce.ts";
import { EventTail } from "./event-tail.ts";
import { newestPositions } from "./queries.ts";

export interface EventFeedDeps {
  readonly db: Database;
  readonly wake: Wake;
  readonly log: Logger;
}

/** A tail, for as long as somebody needs it. */
export interface TailLease {
  readonly tail: EventTail;
  readonly release: () => void;
}

interface SharedTail {
  readonly ready: Promise<EventTail>;
  tail: EventTail | null;
  users: number;
}

/** How often tails look for events that nobody woke them for, in milliseconds. */
const POLL_INTERVAL = 1000;

/**
 * The tails of all organisations that somebody follows. Nothing is read for the others; without
 * any reader there is no polling at all.
 */
export class EventFeed {
  readonly #deps: EventFeedDeps;
  readonly #pollInterval: number;
  readonly #tails = new Map<string, SharedTail>();
  readonly #stopListening: () => void;
  readonly #advanceAll: () => Promise<void>;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(deps: EventFeedDeps, options: { readonly pollInterval?: number } = {}) {
    this.#deps = deps;
    this.#pollInterval = options.pollInterval ?? POLL_INTERVAL;
    this.#advanceAll = coalesce(() => this.#advance());
    this.#stopListening = deps.wake.on("events", () => void this.#advanceAll());
  }

  /** The organisation's tail, at what was committed up to this call. Release it after use. */
  async lease(orgId: string): Promise<TailLease> {
    const shared = this.#tails.get(orgId) ?? this.#add(orgId);
    shared.users += 1;
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      shared.users -= 1;
      if (shared.users === 0) this.#remove(orgId);
    };
    try {
      const tail = await shared.ready;
      await tail.advance();
      return { tail, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  close(): void {
    this.#stopListening();
    clearInterval(this.#timer);
    this.#tails.clear();
  }

  #add(orgId: string): SharedTail {
    const ready = newestPositions(this.#deps.db, [orgId]).then((newest) => {
      shared.tail = new EventTail(this.#deps.db, orgId, newest.get(orgId) ?? 0);
      return shared.tail;
    });
    const shared: SharedTail = { ready, tail: null, users: 0 };
    this.#tails.set(orgId, shared);
    this.#timer ??= setInterval(() => void this.#advanceAll(), this.#pollInterval);
    return shared;
  }

  #remove(orgId: string): void {
    this.#tails.delete(orgId);
    if (this.#tails.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** A wake-up does not say whose events there are: one query finds out for all of them. */
  async #advance(): Promise<void> {
    const tails = [...this.#tails].flatMap(([orgId, { tail }]) =>
      tail === null ? [] : [{ orgId, tail }],
    );
    try {
      if (tails.length > 1) {
        const ids = tails.map(({ orgId }) => orgId);
        const newest = await newestPositions(this.#deps.db, ids);
        const behind = tails.filter(({ orgId, tail }) => (newest.get(orgId) ?? 0) > tail.position);
        await Promise.all(behind.map(({ tail }) => tail.advance()));
      } else await tails[0]?.tail.advance();
    } catch (error) {
      // The streams stay open; the next poll finds what was missed.
      this.#deps.log.warn({ err: error }, "could not read new events");
    }
  }
}
