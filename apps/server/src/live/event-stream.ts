import { once } from "node:events";
import type { Writable } from "node:stream";
import type { Logger } from "pino";
import type { Database } from "../db/database.ts";
import type { View } from "../domain/views/view.ts";
import { readEvents } from "../ledger/read-events.ts";
import type { EventTail } from "./event-tail.ts";
import {
  bytesFor,
  type EventFrame,
  eventFrame,
  gapFrame,
  heartbeatFrame,
  openingFrame,
  reauthFrame,
} from "./frames.ts";
import { concerns, detailOf } from "./own-frames.ts";
import { bookingsInView, logBounds } from "./queries.ts";
import { isNarrow, type StreamFilter, wants } from "./stream-filter.ts";

/** How a stream is timed, in milliseconds. */
export interface StreamTiming {
  /** How often an idle stream shows that it lives, and its reader's permission is checked. */
  readonly heartbeat: number;
  /** How long a reader may leave what was sent unread before it is cut. */
  readonly drain: number;
}

export const streamTiming: StreamTiming = { heartbeat: 25_000, drain: 15_000 };

export interface EventStreamOptions {
  readonly db: Database;
  readonly log: Logger;
  /** What the reader is shown. */
  readonly view: View;
  readonly tail: EventTail;
  /** Where the reader is: what comes behind this seq is sent. Null for now. */
  readonly after: number | null;
  readonly filter: StreamFilter;
  /** Whether the reader would still be shown the same. */
  readonly stillAllowed: () => Promise<boolean>;
  readonly timing: StreamTiming;
}

/** How many events a reader that is behind takes from the log at once: at first, and at most. */
const FIRST_PAGE = 10;
const LARGEST_PAGE = 160;

/**
 * One open stream: sends the log behind a position, then what follows, each event once and in
 * order. It takes the next events only when the socket took the last ones, so a slow reader costs
 * no memory; one that stands still is cut, and comes back where it was.
 */
export class EventStream {
  readonly #options: EventStreamOptions;
  readonly #sink: Writable;
  #position: number;
  /** Follows what the socket takes at once, so that nothing is read in vain or kept waiting. */
  #pageSize = FIRST_PAGE;
  #ended = false;
  #heartbeatDue = false;
  /** Set while it waits for something to do. */
  #wake: (() => void) | null = null;

  constructor(sink: Writable, options: EventStreamOptions) {
    this.#sink = sink;
    this.#options = options;
    this.#position = options.after ?? options.tail.position;
  }

  /** Sends until the reader leaves, is cut or `end` is called. Never rejects. */
  async run(): Promise<void> {
    const { tail, timing, log, after } = this.#options;
    const unwatch = tail.watch(() => this.#wake?.());
    const heartbeat = setInterval(() => this.recheck(), timing.heartbeat);
    this.#sink.once("close", () => this.end());
    this.#sink.on("error", () => this.end());
    // It may have gone before anybody listened.
    if (this.#sink.destroyed) this.end();
    try {
      this.#write(openingFrame(after === null ? this.#position : null));
      if (this.#position > tail.position) await this.#checkAhead();
      while (!this.#ended) await this.#step();
    } catch (error) {
      // The reader comes back where it was; the log of the hub says what went wrong.
      log.warn({ err: error }, "a stream broke");
      this.#sink.destroy();
    } finally {
      clearInterval(heartbeat);
      unwatch();
    }
  }

  /** Asks at once, instead of at the next heartbeat, whether the reader may still read it. */
  recheck(): void {
    this.#heartbeatDue = true;
    this.#wake?.();
  }

  /** Ends the stream: its reader reconnects and resumes. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    // Who has not read what was sent is not waited for.
    if (this.#sink.writableNeedDrain) this.#sink.destroy();
    else if (!this.#sink.destroyed) this.#sink.end();
    this.#wake?.();
  }

  async #step(): Promise<void> {
    if (this.#heartbeatDue) await this.#beat();
    const sent = await this.#sendNext();
    if (sent > 0) await this.#drained();
    else if (!this.#heartbeatDue && !this.#isBehind && !this.#ended) await this.#nextWake();
  }

  get #isBehind(): boolean {
    return this.#options.tail.position > this.#position;
  }

  /** Once it has returned, nothing but the socket holds what was sent. */
  async #sendNext(): Promise<number> {
    const { tail, view } = this.#options;
    const shared = tail.framesAfter(this.#position);
    if (shared !== null) {
      return this.#send(shared, (id) => tail.providerOf(id) === view.own?.providerEmail);
    }
    const page = await this.#page();
    const theirs = await this.#theirsOf(page);
    const sent = this.#send(page, (id) => theirs.has(id));
    this.#pageSize = Math.min(sent < page.length ? sent : this.#pageSize * 2, LARGEST_PAGE);
    return sent;
  }

  /**
   * A response corks its socket until the end of the tick, so these writes reach the kernel as one.
   * To cork the response itself undoes that: its `uncork` writes each part of a chunk by itself.
   * @param isTheirs whether a booking is the reader's by now
   * @returns how many of them the socket took before it had enough
   */
  #send(frames: readonly EventFrame[], isTheirs: (bookingId: string) => boolean): number {
    const { filter, view } = this.#options;
    let sent = 0;
    for (const frame of frames) {
      if (this.#ended) break;
      sent += 1;
      this.#position = frame.seq;
      const detail = wants(filter, frame) ? detailOf(view, frame, isTheirs) : null;
      if (detail !== null && !this.#sink.write(bytesFor(frame, detail))) break;
    }
    return sent;
  }

  /** The next events from the log itself, for a reader that is far behind. */
  async #page(): Promise<readonly EventFrame[]> {
    const { db, view, tail } = this.#options;
    const events = await readEvents(db, view.orgId, this.#position, this.#pageSize);
    const next = events[0]?.seq ?? tail.position + 1;
    if (next > this.#position + 1) await this.#gap(next - 1);
    return events.map(eventFrame);
  }

  /** Of the bookings that old frames tell of, those that are the reader's by now. */
  async #theirsOf(frames: readonly EventFrame[]): Promise<ReadonlySet<string>> {
    const { db, view } = this.#options;
    if (view.own === null) return new Set();
    const ids = frames.filter((frame) => concerns(view, frame)).map(({ bookingId }) => bookingId);
    return bookingsInView(db, view, [...new Set(ids)]);
  }

  /** The reader has seen more than there is: the log was restored from an older backup. */
  async #checkAhead(): Promise<void> {
    const { newest } = await logBounds(this.#options.db, this.#options.view.orgId);
    if (this.#position > newest) await this.#gap(newest);
  }

  async #gap(position: number): Promise<void> {
    const bounds = await logBounds(this.#options.db, this.#options.view.orgId);
    this.#write(gapFrame(bounds, position));
    this.#position = position;
  }

  async #beat(): Promise<void> {
    this.#heartbeatDue = false;
    const { stillAllowed, log, filter, view } = this.#options;
    const isShort = isNarrow(filter) || view.own !== null;
    const allowed = await stillAllowed().catch((error: unknown) => {
      // Without the database nothing new can be shown anyway: asked again at the next heartbeat.
      log.warn({ err: error }, "could not check a stream's permission");
      return true;
    });
    if (allowed) this.#write(heartbeatFrame(isShort ? this.#position : null));
    else {
      this.#write(reauthFrame);
      this.end();
    }
  }

  #write(text: string): void {
    if (!this.#ended) this.#sink.write(text);
  }

  #nextWake(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = null;
        resolve();
      };
    });
  }

  /** Waits until the reader took what was sent; cuts it when that takes too long. */
  async #drained(): Promise<void> {
    if (this.#ended || !this.#sink.writableNeedDrain) return;
    const done = new AbortController();
    const cut = setTimeout(() => this.#sink.destroy(), this.#options.timing.drain);
    try {
      await Promise.race([
        once(this.#sink, "drain", { signal: done.signal }),
        once(this.#sink, "close", { signal: done.signal }),
      ]);
    } catch {
      // An error of the socket: `run` hears of it too.
    } finally {
      clearTimeout(cut);
      done.abort();
    }
  }
}
