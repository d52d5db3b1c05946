import { SlotwireError } from "../errors.ts";
import type { Principal } from "../access/principal.ts";

/** Whose streams are counted together. */
export type StreamHolder = Pick<Principal, "kind" | "id">;

/**
 * How many streams one holder may have open. A person has a few tabs; a key belongs to a program
 * that may follow on behalf of many; a stream token to one page of theirs.
 */
const streamLimits: Readonly<Record<StreamHolder["kind"], number>> = {
  user: 50,
  api_key: 5000,
  stream_token: 50,
};

/** Seconds after which a refused reader may try again. */
const RETRY_AFTER = 10;

/** Who follows the log: a stream, or a page that waits. */
export interface OpenReader<Result> {
  /** Reads to its end, or until `end`. */
  run(): Promise<Result>;
  /** Asks whether the reader may still read: rights have changed somewhere. */
  recheck(): void;
  end(): void;
}

/** The streams and waiting pages that are open on this node. */
export class OpenStreams {
  readonly #limits: Readonly<Record<StreamHolder["kind"], number>>;
  readonly #counts = new Map<string, number>();
  readonly #streams = new Set<Pick<OpenReader<unknown>, "recheck" | "end">>();
  /** When all were rechecked last, by `performance.now()`. */
  #recheckedAt = -Infinity;
  #isClosing = false;

  constructor(limits = streamLimits) {
    this.#limits = limits;
  }

  /**
   * Counts a stream of each of its holders: of a token, and of whoever it speaks for, so that another
   * token is no way around a limit.
   * @returns gives the place back
   * @throws SlotwireError E_RATE_LIMITED when one of them has too many
   */
  admit(...holders: readonly StreamHolder[]): () => void {
    for (const { kind, id } of holders) {
      const count = this.#counts.get(`${kind}:${id}`) ?? 0;
      if (count >= this.#limits[kind]) throw tooMany(count);
    }
    this.#count(holders, 1);
    let left = false;
    return () => {
      if (!left) this.#count(holders, -1);
      left = true;
    };
  }

  /**
   * Runs a stream or page to its end, or until `endAll`.
   * @param identifiedAt when it was looked up who reads, by `performance.now()`: it is asked at once
   *   when rights have changed since
   */
  async run<Result>(reader: OpenReader<Result>, identifiedAt: number): Promise<Result> {
    this.#streams.add(reader);
    // Its request was still being answered when the others were ended, or asked.
    if (this.#isClosing) reader.end();
    if (this.#recheckedAt >= identifiedAt) reader.recheck();
    try {
      return await reader.run();
    } finally {
      this.#streams.delete(reader);
    }
  }

  /** Asks of every stream and page whether its reader may still read it: rights have changed. */
  recheckAll(): void {
    this.#recheckedAt = performance.now();
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

  #count(holders: readonly StreamHolder[], change: 1 | -1): void {
    for (const { kind, id } of holders) {
      const key = `${kind}:${id}`;
      const count = (this.#counts.get(key) ?? 0) + change;
      if (count === 0) this.#counts.delete(key);
      else this.#counts.set(key, count);
    }
  }
}

const tooMany = (count: number): SlotwireError =>
  new SlotwireError("E_RATE_LIMITED", {
    detail:
      `You have ${count} streams and waiting pages open, as many as may be. Close one that nobody ` +
      "watches: one stream without filters tells of everything, and tabs and widgets can share it.",
    extra: { retry_after_seconds: RETRY_AFTER },
  });
