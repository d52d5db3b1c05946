import { setTimeout as delay } from "node:timers/promises";
import { system } from "../db/database.ts";
import { loggableError } from "../db/loggable-error.ts";
import type { CommandDeps } from "./command-deps.ts";
import { type ClaimedCommand, commandQueue } from "./command-queue.ts";
import { workCommand } from "./work-command.ts";

/** The net under lost signals, and the grain of the retries. Milliseconds. */
const POLL_INTERVAL = 1_000;
/** A command is a handful of calls of at most 15 s: a lease that ends belongs to nobody. */
const LEASE_SECONDS = 180;
/** So many at once: a source that hangs holds up few others. */
const SLOTS = 8;

/**
 * Brings commands to their sources. A signal or a slow poll starts a claim, which takes no more
 * than there are free slots.
 */
export class CommandWorker {
  readonly #deps: CommandDeps;
  readonly #running = new Set<Promise<void>>();
  #stopListening: () => void = () => {};
  #poll: NodeJS.Timeout | null = null;
  #claiming: Promise<void> | null = null;
  #isDue = false;
  #isStopping = false;
  #lastClaimAt: Date | null = null;

  constructor(deps: CommandDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#stopListening = this.#deps.wake.on("commands", () => this.#claimSoon());
    this.#poll = setInterval(() => this.#claimSoon(), POLL_INTERVAL);
    this.#claimSoon();
  }

  /**
   * Takes nothing new, and lets what is under way finish.
   * @param deadline milliseconds; what takes longer is taken up again when its lease ends
   */
  async stop(deadline: number): Promise<void> {
    this.#isStopping = true;
    this.#stopListening();
    if (this.#poll !== null) clearInterval(this.#poll);
    await this.#claiming;
    const giveUp = new AbortController();
    const late = delay(deadline, undefined, { signal: giveUp.signal }).catch(() => {});
    await Promise.race([Promise.all(this.#running), late]);
    giveUp.abort();
  }

  /** How the worker is, for the health page. */
  health(): { readonly lastClaimAt: Date | null; readonly inFlight: number } {
    return { lastClaimAt: this.#lastClaimAt, inFlight: this.#running.size };
  }

  #claimSoon(): void {
    this.#isDue = true;
    if (this.#claiming !== null || this.#isStopping) return;
    this.#claiming = this.#claim().finally(() => {
      this.#claiming = null;
      // What was signalled in the last moment.
      if (this.#isDue && this.#running.size < SLOTS) this.#claimSoon();
    });
  }

  async #claim(): Promise<void> {
    const limit = SLOTS - this.#running.size;
    if (limit <= 0) return;
    this.#isDue = false;
    const { db, clock, log } = this.#deps;
    try {
      const now = clock.now();
      const rows = await db.transaction(system, (tx) =>
        commandQueue.claim(tx, { limit, leaseSeconds: LEASE_SECONDS, now }),
      );
      this.#lastClaimAt = now;
      for (const row of rows) this.#work(row);
    } catch (error) {
      log.error({ err: loggableError(error) }, "commands could not be claimed");
    }
  }

  #work(command: ClaimedCommand): void {
    const work = workCommand(this.#deps, command)
      .catch((error: unknown) => {
        const err = loggableError(error);
        this.#deps.log.error({ command: command.id, err }, "a command could not be settled");
      })
      .finally(() => {
        this.#running.delete(work);
        if (this.#isDue) this.#claimSoon();
      });
    this.#running.add(work);
  }
}
