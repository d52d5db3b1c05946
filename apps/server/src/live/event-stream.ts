import { once } from "node:events";
import type { Writable } from "node:stream";
import type { Logger } from "pino";
import type { LogStart } from "./find-start.ts";
import {
  beginningFrame,
  bytesFor,
  gapFrame,
  heartbeatFrame,
  openingFrame,
  reauthFrame,
} from "./frames.ts";
import {
  gapBefore,
  isPartial,
  type LogBatch,
  type LogReading,
  readBehind,
  readPlaces,
  type ShownFrame,
} from "./log-reading.ts";
import type { OpenReader } from "./open-streams.ts";

/** How a stream is timed, in milliseconds. */
export interface StreamTiming {
  /** How often an idle stream shows that it lives, and its reader's permission is checked. */
  readonly heartbeat: number;
  /** How long a reader may leave what was sent unread before it is cut. */
  readonly drain: number;
}

export const streamTiming: StreamTiming = { heartbeat: 25_000, drain: 15_000 };

export interface EventStreamOptions {
  readonly log: Logger;
  readonly reading: LogReading;
  readonly start: LogStart;
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
export class EventStream implements OpenReader<void> {
  readonly #options: EventStreamOptions;
  readonly #sink: Writable;
  #position: number;
  /** The places of the log that it begins with and has not sent yet; null when it is past them. */
  #beginning: readonly number[] | null;
  /** Follows what the socket takes at once, so that nothing is read in vain or kept waiting. */
  #pageSize = FIRST_PAGE;
  #ended = false;
  #heartbeatDue = false;
  /** Set while it waits for something to do. */
  #wake: (() => void) | null = null;

  constructor(sink: Writable, options: EventStreamOptions) {
    this.#sink = sink;
    this.#options = options;
    this.#position = options.start.position;
    this.#beginning = options.start.recent;
  }

  /** Sends until the reader leaves, is cut or `end` is called. Never rejects. */
  async run(): Promise<void> {
    const { reading, timing, log, start } = this.#options;
    const unwatch = reading.tail.watch(() => this.#wake?.());
    const heartbeat = setInterval(() => this.recheck(), timing.heartbeat);
    this.#sink.once("close", () => this.end());
    this.#sink.on("error", () => this.end());
    // It may have gone before anybody listened.
    if (this.#sink.destroyed) this.end();
    try {
      const isNow = !start.isNamed && start.recent === null;
      this.#write(openingFrame(isNow ? this.#position : null));
      const gap = await gapBefore(reading, this.#position);
      if (gap !== null) this.#take(gap);
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
    if (this.#beginning !== null) await this.#begin(this.#beginning);
    else if (this.#isBehind) await this.#goOn();
    else if (!this.#heartbeatDue && !this.#ended) await this.#nextWake();
  }

  get #isBehind(): boolean {
    return this.#options.reading.tail.position > this.#position;
  }

  /** Sends the next of the events that it begins with, and after them says where the reader is. */
  async #begin(places: readonly number[]): Promise<void> {
    const page = places.slice(0, this.#pageSize);
    const last = this.#send(await readPlaces(this.#options.reading, page));
    this.#beginning =
      last === null ? places.slice(page.length) : places.filter((seq) => seq > last);
    if (this.#beginning.length === 0) {
      this.#beginning = null;
      this.#write(beginningFrame(this.#position));
    }
    await this.#drained();
  }

  async #goOn(): Promise<void> {
    this.#take(await readBehind(this.#options.reading, this.#position, this.#pageSize));
    await this.#drained();
  }

  /** Once it has returned, nothing but the socket holds what was sent. */
  #take({ shown, position, gap }: LogBatch): void {
    if (gap !== null) this.#write(gapFrame(gap, position));
    this.#position = this.#send(shown) ?? position;
  }

  /**
   * A response corks its socket until the end of the tick, so these writes reach the kernel as one.
   * To cork the response itself undoes that: its `uncork` writes each part of a chunk by itself.
   * @returns the seq at which the socket had enough, or null when it took them all
   */
  #send(shown: readonly ShownFrame[]): number | null {
    for (const [index, { frame, detail }] of shown.entries()) {
      if (this.#ended) return null;
      if (!this.#sink.write(bytesFor(frame, detail))) {
        this.#pageSize = Math.min(index + 1, LARGEST_PAGE);
        return frame.seq;
      }
    }
    this.#pageSize = Math.min(this.#pageSize * 2, LARGEST_PAGE);
    return null;
  }

  async #beat(): Promise<void> {
    this.#heartbeatDue = false;
    const { stillAllowed, log, reading } = this.#options;
    const isAhead = isPartial(reading) && this.#beginning === null;
    const allowed = await stillAllowed().catch((error: unknown) => {
      // Without the database nothing new can be shown anyway: asked again at the next heartbeat.
      log.warn({ err: error }, "could not check a stream's permission");
      return true;
    });
    if (allowed) this.#write(heartbeatFrame(isAhead ? this.#position : null));
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
