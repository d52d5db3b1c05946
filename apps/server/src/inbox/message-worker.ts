import { takeAlertAsks } from "../alerts/take-alert-asks.ts";
import { loggableError } from "../db/loggable-error.ts";
import { ConnectionDirectory } from "./connections/connection-directory.ts";
import type { InboxDeps } from "./inbox-deps.ts";
import { processMessages } from "./process-messages.ts";
import { workOnReprocess } from "./reprocess/work-on-reprocess.ts";

/** The net under lost signals, and the grain of the retries. Milliseconds. */
const POLL_INTERVAL = 2_000;
/** Bookings arrive far more often than somebody waits for one: their signals are gathered. */
const GATHER = 100;

/**
 * Keeps the inbox processed. A booking that arrives makes the messages that waited for it due,
 * and signals `events`; a signal or a slow poll starts a round, which goes on until nothing is
 * due.
 */
export class MessageWorker {
  readonly #deps: InboxDeps;
  readonly #directory: ConnectionDirectory;
  readonly #stopListening: (() => void)[] = [];
  #poll: NodeJS.Timeout | null = null;
  #gathering: NodeJS.Timeout | null = null;
  #round: Promise<void> | null = null;
  #isDue = false;
  #isStopping = false;
  #lastRoundAt: Date | null = null;

  constructor(deps: InboxDeps) {
    this.#deps = deps;
    this.#directory = new ConnectionDirectory(deps);
  }

  start(): void {
    const { wake } = this.#deps;
    this.#stopListening.push(
      wake.on("messages", () => this.#runSoon()),
      wake.on("events", () => this.#gather()),
    );
    this.#poll = setInterval(() => this.#runSoon(), POLL_INTERVAL);
    this.#runSoon();
  }

  /** Takes nothing new, and resolves when what was claimed has been processed. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const stop of this.#stopListening) stop();
    if (this.#poll !== null) clearInterval(this.#poll);
    if (this.#gathering !== null) clearTimeout(this.#gathering);
    await this.#round;
  }

  /** How the worker is, for the health page. */
  health(): { readonly lastRoundAt: Date | null } {
    return { lastRoundAt: this.#lastRoundAt };
  }

  #gather(): void {
    if (this.#isStopping) return;
    this.#gathering ??= setTimeout(() => {
      this.#gathering = null;
      this.#runSoon();
    }, GATHER);
  }

  #runSoon(): void {
    this.#isDue = true;
    if (this.#round !== null || this.#isStopping) return;
    this.#round = this.#run().finally(() => {
      this.#round = null;
      // What was signalled in the last moment.
      if (this.#isDue) this.#runSoon();
    });
  }

  async #run(): Promise<void> {
    while (this.#isDue && !this.#isStopping) {
      this.#isDue = false;
      try {
        await takeAlertAsks(this.#deps);
        const processed = await processMessages(this.#deps, this.#directory);
        // A long job takes turns with the messages that are due.
        const again = await workOnReprocess(this.#deps, this.#directory);
        this.#isDue ||= processed + again > 0;
        this.#lastRoundAt = this.#deps.clock.now();
      } catch (error) {
        this.#deps.log.error({ err: loggableError(error) }, "messages could not be claimed");
      }
    }
  }
}
