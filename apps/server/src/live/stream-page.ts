import { type StreamGap, streamLimits } from "@slotwire/contract";
import type { Logger } from "pino";
import type { LogStart } from "./find-start.ts";
import { bytesFor, jsonIn } from "./frames.ts";
import {
  gapBefore,
  type LogBatch,
  type LogReading,
  readBehind,
  readPlaces,
  type ShownFrame,
} from "./log-reading.ts";
import type { OpenReader } from "./open-streams.ts";
import type { FilteredPeople } from "./read-filter.ts";

export interface StreamPageOptions {
  readonly log: Logger;
  readonly reading: LogReading;
  readonly start: LogStart;
  /** Milliseconds that it waits for something to tell. */
  readonly wait: number;
  /** Whether the reader would still be shown the same. */
  readonly stillAllowed: () => Promise<boolean>;
}

/** What an open stream would have sent by now, up to what one page takes. */
export interface LogPage {
  /** Events as JSON. */
  readonly data: readonly Buffer[];
  readonly position: number;
  readonly more: boolean;
  readonly gap: StreamGap | null;
}

/** The page as JSON, with the events as they are. @param people whom its filter stands for */
export function pageJson(page: LogPage, people: FilteredPeople): Buffer {
  const { data, ...rest } = page;
  const end = JSON.stringify({ ...rest, ...people }).slice(1);
  const events = data.flatMap((event, index) => (index === 0 ? [event] : [comma, event]));
  return Buffer.concat([Buffer.from('{"data":['), ...events, Buffer.from(`],${end}`)]);
}

const comma = Buffer.from(",");

/** One event may have a megabyte. */
const MOST_BYTES = 2 * 1024 * 1024;
/** How much of the log one page looks through for events that pass. */
const WINDOW = 10_000;
const FIRST_READ = 10;
const LARGEST_READ = 160;

/**
 * A page of the stream. It is read at once, and further whenever something came, until it can tell
 * something or its time is over.
 */
export class StreamPage implements OpenReader<LogPage> {
  readonly #options: StreamPageOptions;
  readonly #data: Buffer[] = [];
  #bytes = 0;
  #gap: StreamGap | null = null;
  #position: number;
  #lookedThrough = 0;
  /** The log is interrupted behind what was found: the next page says so. */
  #isInterrupted = false;
  #isOver = false;
  /** Settles when it is known whether the reader may go on: until then nothing is told. */
  #asked: Promise<void> = Promise.resolve();
  #isRefused = false;
  /** Set while it waits. */
  #wake: (() => void) | null = null;

  constructor(options: StreamPageOptions) {
    this.#options = options;
    this.#position = options.start.position;
  }

  async run(): Promise<LogPage> {
    const { reading, wait } = this.#options;
    const unwatch = reading.tail.watch(() => this.#wake?.());
    const timer = setTimeout(() => this.end(), wait);
    try {
      await this.#unlessRefused(() => this.#begin());
      while (!this.#hasNews) {
        await this.#nextWake();
        await this.#unlessRefused(() => this.#fill());
      }
      return {
        data: this.#data,
        position: this.#position,
        more: this.#isBehind,
        gap: this.#gap,
      };
    } finally {
      clearTimeout(timer);
      unwatch();
    }
  }

  /** Whoever may read less by now is answered without waiting further, and refused when they come back. */
  recheck(): void {
    const { stillAllowed, log } = this.#options;
    this.#asked = stillAllowed().then(
      (isAllowed) => {
        if (isAllowed) return;
        this.#isRefused = true;
        this.end();
      },
      (error: unknown) => log.warn({ err: error }, "could not check a page's permission"),
    );
  }

  /** Ends the wait: what was found is answered. */
  end(): void {
    this.#isOver = true;
    this.#wake?.();
  }

  get #isBehind(): boolean {
    return this.#options.reading.tail.position > this.#position;
  }

  get #isFull(): boolean {
    return this.#data.length >= streamLimits.page || this.#bytes >= MOST_BYTES;
  }

  get #hasNews(): boolean {
    return this.#isOver || this.#data.length > 0 || this.#gap !== null || this.#isBehind;
  }

  async #unlessRefused(read: () => Promise<void>): Promise<void> {
    await this.#asked;
    if (!this.#isRefused) await read();
  }

  async #begin(): Promise<void> {
    const { reading, start } = this.#options;
    if (start.recent !== null) await this.#beginWith(start.recent);
    const gap = await gapBefore(reading, this.#position);
    if (gap !== null) this.#take(gap);
    await this.#fill();
  }

  async #beginWith(places: readonly number[]): Promise<void> {
    let rest = places;
    for (let size = FIRST_READ; rest.length > 0; size *= 2) {
      const full = this.#add(await readPlaces(this.#options.reading, rest.slice(0, size)));
      if (full !== null) {
        // What is left of them comes behind this one.
        this.#position = full;
        return;
      }
      rest = rest.slice(size);
    }
  }

  /** Reads on until the reader is up to date, or the page has as much as it takes. */
  async #fill(): Promise<void> {
    this.#lookedThrough = 0;
    let size = FIRST_READ;
    while (
      this.#isBehind &&
      !this.#isFull &&
      !this.#isInterrupted &&
      this.#lookedThrough < WINDOW
    ) {
      this.#take(await readBehind(this.#options.reading, this.#position, size));
      size = Math.min(size * 2, LARGEST_READ);
    }
  }

  #take({ shown, position, gap }: LogBatch): void {
    this.#isInterrupted = gap !== null && this.#data.length > 0;
    if (this.#isInterrupted) return;
    this.#gap ??= gap;
    this.#lookedThrough += position - this.#position;
    this.#position = this.#add(shown) ?? position;
  }

  /** @returns the seq at which the page is full, or null when it took them all */
  #add(shown: readonly ShownFrame[]): number | null {
    for (const { frame, detail } of shown) {
      const event = jsonIn(bytesFor(frame, detail));
      this.#data.push(event);
      this.#bytes += event.length;
      if (this.#isFull) return frame.seq;
    }
    return null;
  }

  #nextWake(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = null;
        resolve();
      };
    });
  }
}
