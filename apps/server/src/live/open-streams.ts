import { SlotwireError } from "../errors.ts";
import type { Principal } from "../access/principal.ts";
import type { EventStream } from "./event-stream.ts";

/**
 * How many streams one principal may have open. A person has a few tabs; a key belongs to a
 * program that may follow on behalf of many.
 */
const streamLimits: Readonly<Record<Principal["kind"], number>> = {
  user: 50,
  api_key: 5000,
  stream_token: 50,
};

/** Seconds after which a refused reader may try again. */
const RETRY_AFTER = 10;

/** The streams that are open on this node. */
export class OpenStreams {
  readonly #limits: Readonly<Record<Principal["kind"], number>>;
  readonly #counts = new Map<string, number>();
  readonly #streams = new Set<EventStream>();
  #isClosing = false;

  constructor(limits = streamLimits) {
    this.#limits = limits;
  }

  /**
   * Counts a stream of the principal.
   * @returns a function that gives its place back
   * @throws SlotwireError E_RATE_LIMITED when the principal has too many
   */
  admit(principal: Principal): () => void {
    const key = `${principal.kind}:${principal.id}`;
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.#limits[principal.kind]) {
      throw new SlotwireError("E_RATE_LIMITED", {
        detail: `${count} streams are open already.`,
        extra: { retry_after_seconds: RETRY_AFTER },
      });
    }
    this.#counts.set(key, count + 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const rest = (this.#counts.get(key) ?? 1) - 1;
      if (rest === 0) this.#counts.delete(key);
      else this.#counts.set(key, rest);
    };
  }

  /** Runs a stream to its end, or until `endAll`. */
  async run(stream: EventStream): Promise<void> {
    this.#streams.add(stream);
    // Its request was still being answered when the others were ended.
    if (this.#isClosing) stream.end();
    try {
      await stream.run();
    } finally {
      this.#streams.delete(stream);
    }
  }

  /** Asks of every stream whether its reader may still read it: rights have changed somewhere. */
  recheckAll(): void {
    for (const stream of this.#streams) stream.recheck();
  }

  /**
   * Ends every stream, also those that are about to open: their readers resume at another node,
   * or at this one when it is back.
   */
  endAll(): void {
    this.#isClosing = true;
    for (const stream of this.#streams) stream.end();
  }
}
