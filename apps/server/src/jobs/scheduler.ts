import { Cron } from "croner";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import { createQueue, type Lease, type Queue } from "../db/claim.ts";
import { type Database, system, type Transaction } from "../db/database.ts";
import { loggableError } from "../db/loggable-error.ts";
import type { Schedule } from "./schedules.ts";

/** How long a run may take, in seconds; then another process may start it again. */
const LEASE_SECONDS = 15 * 60;
/** Milliseconds between two looks for due schedules. They are minutes apart at the least. */
const POLL_INTERVAL = 5000;

interface ScheduleRow {
  readonly name: string;
  readonly cron: string;
}

export interface SchedulerDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Pick<Logger, "info" | "error">;
}

/** Runs schedules at their time, each on one of the hub's processes. */
export class Scheduler {
  readonly #deps: SchedulerDeps;
  readonly #schedules: ReadonlyMap<string, Schedule>;
  readonly #queue: Queue<ScheduleRow>;
  #timer: NodeJS.Timeout | null = null;
  #isStopping = false;
  #running: Promise<unknown> = Promise.resolve();

  constructor(deps: SchedulerDeps, schedules: readonly Schedule[]) {
    this.#deps = deps;
    this.#schedules = new Map(schedules.map((schedule) => [schedule.name, schedule]));
    this.#queue = scheduleQueue([...this.#schedules.keys()]);
  }

  /** Registers the schedules, and looks for due ones from now on. */
  async start(): Promise<void> {
    await this.register();
    const poll = (): void => {
      this.#running = this.runDue()
        .catch((error: unknown) => {
          this.#deps.log.error({ err: loggableError(error) }, "schedules could not be read");
        })
        .finally(() => {
          if (!this.#isStopping) this.#timer = setTimeout(poll, POLL_INTERVAL);
        });
    };
    this.#timer = setTimeout(poll, 0);
  }

  /** Starts nothing more, and waits until what runs is done. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#running;
  }

  /** Writes the rows that are missing. One whose times were changed gets its next time anew. */
  async register(): Promise<void> {
    const now = this.#deps.clock.now();
    await this.#deps.db.transaction(system, async (tx) => {
      for (const { name, cron } of this.#schedules.values()) {
        await tx.query(
          `INSERT INTO schedule AS known (name, cron, next_run_at) VALUES ($1, $2, $3)
             ON CONFLICT (name) DO UPDATE
               SET cron = excluded.cron, next_run_at = excluded.next_run_at
             WHERE known.cron <> excluded.cron`,
          [name, cron, nextTime(cron, now)],
        );
      }
    });
  }

  /**
   * Runs every schedule that is due now, one after the other.
   * @returns the names of those that ran here
   */
  async runDue(): Promise<string[]> {
    const ran: string[] = [];
    while (!this.#isStopping) {
      const row = await this.#claimOne();
      if (row === undefined) break;
      await this.#run(row);
      ran.push(row.name);
    }
    return ran;
  }

  async #claimOne(): Promise<(ScheduleRow & Lease) | undefined> {
    const { db, clock } = this.#deps;
    const options = { limit: 1, leaseSeconds: LEASE_SECONDS, now: clock.now() };
    const rows = await db.transaction(system, (tx) => this.#queue.claim(tx, options));
    return rows[0];
  }

  async #run(row: ScheduleRow & Lease): Promise<void> {
    const { db, clock, log } = this.#deps;
    const startedAt = clock.now();
    const error = await failureOf(this.#schedules.get(row.name));
    const finishedAt = clock.now();
    const took = finishedAt.getTime() - startedAt.getTime();
    if (error === null) log.info({ schedule: row.name, ms: took }, "schedule ran");
    else log.error({ schedule: row.name, ms: took, err: error }, "schedule failed");
    await db.transaction(system, (tx: Transaction) =>
      this.#queue.settle(tx, row, {
        attempts: 0,
        next_run_at: nextTime(row.cron, finishedAt),
        last_started_at: startedAt,
        last_finished_at: finishedAt,
        last_error: error?.message ?? null,
      }),
    );
  }
}

async function failureOf(schedule: Schedule | undefined): Promise<Error | null> {
  try {
    await schedule?.run();
    return null;
  } catch (error) {
    const loggable = loggableError(error);
    return loggable instanceof Error
      ? loggable
      : new Error("something that is no error was thrown");
  }
}

/** @param names of the schedules that this process knows; it leaves others' rows alone */
function scheduleQueue(names: readonly string[]): Queue<ScheduleRow> {
  return createQueue<ScheduleRow>({
    table: "schedule",
    key: ["name"],
    columns: ["cron"],
    waiting: `due.name IN (${["", ...names].map((name) => `'${name}'`).join(", ")})`,
    dueAt: "next_run_at",
    maxAttempts: 3,
    giveUp: (row, now) => ({
      attempts: 0,
      next_run_at: nextTime(row.cron, now),
      last_error: "The process ended in the middle of it, three times in a row",
    }),
  });
}

/** The first instant after `after` that matches the cron expression, read in UTC. */
function nextTime(cron: string, after: Date): Date {
  const next = new Cron(cron, { timezone: "UTC" }).nextRun(after);
  if (next === null) throw new TypeError(`the schedule "${cron}" never comes`);
  return next;
}
