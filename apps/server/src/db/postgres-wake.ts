import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { createLocalWake } from "./local-wake.ts";
import { type Wake, type WakeTopic, wakeTopics } from "./wake.ts";
import { WakeSender } from "./wake-sender.ts";

/** The channel; its payload is topics, separated by commas. Triggers use it too. */
const CHANNEL = "slotwire_wake";
const RECONNECT_DELAYS: readonly number[] = [1000, 2000, 5000, 10_000];

export interface PostgresWakeOptions {
  /** Told when the connection breaks; signals between nodes are lost until it is back. */
  readonly onBroken?: (error: unknown) => void;
  /** Milliseconds before each attempt to connect again; the last one repeats. */
  readonly reconnectDelays?: readonly number[];
}

/**
 * Wakes this process's listeners directly, and those of other nodes by NOTIFY on a connection of
 * its own: inside the transactions it would serialise all commits of the server. When the
 * connection was broken and is back, everybody is woken, as any signal may have been missed.
 */
export class PostgresWake implements Wake {
  readonly #url: string;
  readonly #options: PostgresWakeOptions;
  readonly #local = createLocalWake();
  readonly #sender = new WakeSender();
  readonly #closing = new AbortController();
  readonly #closed: Promise<void>;
  #listening = Promise.withResolvers<void>();

  /** @param url connection string */
  constructor(url: string, options: PostgresWakeOptions = {}) {
    this.#url = url;
    this.#options = options;
    this.#closed = this.#run();
  }

  signal(topic: WakeTopic): void {
    this.#local.signal(topic);
    this.#sender.add(topic);
  }

  on(topic: WakeTopic, listener: () => void): () => void {
    return this.#local.on(topic, listener);
  }

  /** Resolves when signals of other nodes are heard: at once, unless the connection is broken. */
  listening(): Promise<void> {
    return this.#listening.promise;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([this.#closed, this.#local.close()]);
  }

  async #run(): Promise<void> {
    const delays = this.#options.reconnectDelays ?? RECONNECT_DELAYS;
    let failures = 0;
    while (!this.#closing.signal.aborted) {
      try {
        await this.#listen(() => {
          failures = 0;
        });
      } catch (error) {
        this.#options.onBroken?.(error);
        const milliseconds = delays[Math.min(failures, delays.length - 1)];
        failures += 1;
        await delay(milliseconds, undefined, { signal: this.#closing.signal }).catch(() => {});
      }
    }
  }

  /** Holds one connection. Returns when it is to be closed, and rejects when it breaks. */
  async #listen(onListening: () => void): Promise<void> {
    const client = new pg.Client({ connectionString: this.#url, keepAlive: true });
    const ended = whenEnded(client, this.#closing.signal);
    try {
      await Promise.race([ended, this.#subscribe(client)]);
      if (this.#closing.signal.aborted) return;
      onListening();
      this.#listening.resolve();
      this.#sender.sendBy(async (topics) => {
        await client.query("SELECT pg_notify($1, $2)", [CHANNEL, topics.join(",")]);
      });
      for (const topic of wakeTopics) this.#local.signal(topic);
      await ended;
    } catch (error) {
      this.#listening = Promise.withResolvers();
      throw error;
    } finally {
      this.#sender.sendBy(null);
      await client.end().catch(() => {});
    }
  }

  async #subscribe(client: pg.Client): Promise<void> {
    await client.connect();
    const backend = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    client.on("notification", ({ processId, payload }) => {
      // Our own listeners were woken when the signal was given.
      if (processId === backend.rows[0]?.pid) return;
      const named = (payload ?? "").split(",");
      for (const topic of wakeTopics) if (named.includes(topic)) this.#local.signal(topic);
    });
    await client.query(`LISTEN ${CHANNEL}`);
  }
}

/** Resolves when `closing` is aborted, rejects when the connection breaks before. */
function whenEnded(client: pg.Client, closing: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  promise.catch(() => {});
  client.on("error", reject);
  client.once("end", () => reject(new Error("the connection was closed")));
  closing.addEventListener("abort", () => resolve(), { once: true });
  if (closing.aborted) resolve();
  return promise;
}
