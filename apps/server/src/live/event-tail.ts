import type { Database } from "../db/database.ts";
import { readEvents } from "../ledger/read-events.ts";
import { coalesce } from "./coalesce.ts";
import { type EventFrame, eventFrame } from "./frames.ts";

/** How many events one read of the log takes. */
const BATCH = 500;
/** What is kept of the log's end, for readers that were busy for a moment. */
const KEPT_FRAMES = 1000;
const KEPT_BYTES = 2 * 1024 * 1024;

/**
 * The end of one organisation's log. It reads each event once, however many streams are open;
 * they take what they have not sent yet, each at its own pace, so nothing queues up per stream.
 */
export class EventTail {
  readonly #db: Database;
  readonly #orgId: string;
  readonly #watchers = new Set<() => void>();
  #position: number;
  /** The events up to `#position`, without a gap. */
  readonly #kept: EventFrame[] = [];
  #keptBytes = 0;
  /** The providers of the bookings that they are about, after the latest of them. */
  readonly #providers = new Map<string, { readonly seq: number; readonly email: string | null }>();

  /** Reads what was committed up to this call, and wakes the streams. */
  readonly advance: () => Promise<void> = coalesce(() => this.#read());

  /** @param position the seq behind which it starts to read */
  constructor(db: Database, orgId: string, position: number) {
    this.#db = db;
    this.#orgId = orgId;
    this.#position = position;
  }

  /** The highest seq that it has read. */
  get position(): number {
    return this.#position;
  }

  /**
   * The events behind `seq` that it has read; none when the reader is up to date or ahead.
   * @returns null when the reader is too far behind: read the log instead
   */
  framesAfter(seq: number): readonly EventFrame[] | null {
    const behind = this.#position - seq;
    if (behind <= 0) return [];
    return behind > this.#kept.length ? null : this.#kept.slice(-behind);
  }

  /** Whose a booking is by now, in lower case; of a booking that the kept events are about. */
  providerOf(bookingId: string): string | null {
    return this.#providers.get(bookingId)?.email ?? null;
  }

  /** Calls `watcher` whenever there is more. @returns a function that stops it */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  async #read(): Promise<void> {
    let count = BATCH;
    while (count === BATCH) {
      const events = await readEvents(this.#db, this.#orgId, this.#position, BATCH);
      count = events.length;
      for (const event of events) this.#keep(eventFrame(event));
      if (count === 0) return;
      this.#trim();
      for (const watcher of this.#watchers) watcher();
    }
  }

  #keep(frame: EventFrame): void {
    // seq has no gaps; should the log have lost a row all the same, nobody is told otherwise.
    if (frame.seq !== this.#position + 1) this.#forget(this.#kept.length);
    this.#position = frame.seq;
    this.#kept.push(frame);
    this.#providers.set(frame.bookingId, { seq: frame.seq, email: frame.after.providerEmail });
    this.#keptBytes += frame.bytes.length;
  }

  #trim(): void {
    let surplus = Math.max(0, this.#kept.length - KEPT_FRAMES);
    let bytes = this.#keptBytes;
    for (const [index, frame] of this.#kept.entries()) {
      if (index >= surplus && bytes <= KEPT_BYTES) break;
      bytes -= frame.bytes.length;
      surplus = index + 1;
    }
    this.#forget(surplus);
  }

  #forget(count: number): void {
    for (const frame of this.#kept.splice(0, count)) {
      this.#keptBytes -= frame.bytes.length;
      const isLatest = this.#providers.get(frame.bookingId)?.seq === frame.seq;
      if (isLatest) this.#providers.delete(frame.bookingId);
    }
  }
}
