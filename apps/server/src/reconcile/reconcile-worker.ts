import { system } from "../db/database.ts";
import { loggableError } from "../db/loggable-error.ts";
import { takeAsks } from "./take-asks.ts";
import type { ReconcileDeps } from "./reconcile-deps.ts";
import { LEASE_SECONDS, runQueue } from "./run-queue.ts";
import { workOnRun } from "./work-on-run.ts";

/** The net under lost signals, and the grain of what waits. Milliseconds. */
const POLL_INTERVAL = 3_000;

/**
 * Works on the runs that are due, one after the other: sources are asked gently, and nobody waits
 * for a comparison.
 */
export class ReconcileWorker {
  readonly #deps: ReconcileDeps;
  #stopListening: () => void = () => {};
  #poll: NodeJS.Timeout | null = null;
  #round: Promise<void> | null = null;
  #isDue = false;
  #isStopping = false;

  constructor(deps: ReconcileDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#stopListening = this.#deps.wake.on("reconciles", () => this.#runSoon());
    this.#poll = setInterval(() => this.#runSoon(), POLL_INTERVAL);
    this.#runSoon();
  }

  /** Takes nothing new; the run under way is given back after its step. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#stopListening();
    if (this.#poll !== null) clearInterval(this.#poll);
    await this.#round;
  }

  #runSoon(): void {
    this.#isDue = true;
    if (this.#round !== null || this.#isStopping) return;
    this.#round = this.#run().finally(() => {
      this.#round = null;
    });
  }

  async #run(): Promise<void> {
    while (this.#isDue && !this.#isStopping) {
      this.#isDue = false;
      try {
        await takeAsks(this.#deps);
        while ((await reconcileDue(this.#deps, () => this.#isStopping)) > 0);
      } catch (error) {
        this.#deps.log.error({ err: loggableError(error) }, "comparisons could not be claimed");
      }
    }
  }
}

/**
 * Works on one run that is due.
 * @returns how many were claimed
 */
export async function reconcileDue(
  deps: ReconcileDeps,
  isStopping: () => boolean = () => false,
): Promise<number> {
  if (isStopping()) return 0;
  const rows = await deps.db.transaction(system, (tx) =>
    runQueue.claim(tx, { limit: 1, leaseSeconds: LEASE_SECONDS, now: deps.clock.now() }),
  );
  for (const run of rows) await workOnRun(deps, run, isStopping);
  return rows.length;
}
