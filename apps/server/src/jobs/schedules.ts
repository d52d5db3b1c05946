import { expireSessions } from "../access/expire-sessions.ts";
import { evaluateAlerts } from "../alerts/evaluate-alerts.ts";
import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { vacuum } from "../db/vacuum.ts";
import type { Wake } from "../db/wake.ts";
import { watchDestinations } from "../destinations/patience/watch-destinations.ts";
import { reduceAttempts } from "../destinations/reduce-attempts.ts";
import { reduceMessages } from "../inbox/reduce-messages.ts";
import { queueScheduledRuns } from "../reconcile/queue-scheduled-runs.ts";

/** Work that comes round by the clock. */
export interface Schedule {
  /** Key of its row in `schedule`; never changes. */
  readonly name: string;
  /** Five fields, in UTC. */
  readonly cron: string;
  /**
   * Does the work, in less time than the scheduler's lease. It may be done twice when a process
   * dies, and once for several times that were missed.
   */
  readonly run: () => Promise<unknown>;
}

/** The hub's schedules. */
export function hubSchedules(hub: { db: Database; clock: Clock; wake: Wake }): Schedule[] {
  const { db, clock } = hub;
  const everywhere: Schedule[] = [
    { name: "expire_sessions", cron: "23 * * * *", run: () => expireSessions({ db, clock }) },
    { name: "alerts", cron: "* * * * *", run: () => evaluateAlerts(hub) },
    { name: "watch_destinations", cron: "* * * * *", run: () => watchDestinations(hub) },
    { name: "reduce_messages", cron: "17 * * * *", run: () => reduceMessages({ db, clock }) },
    { name: "reduce_attempts", cron: "29 * * * *", run: () => reduceAttempts({ db, clock }) },
    { name: "reconcile", cron: "41 * * * *", run: () => queueScheduledRuns(hub) },
  ];
  // PostgreSQL vacuums by itself.
  const embedded: Schedule[] = [{ name: "vacuum", cron: "*/10 * * * *", run: () => vacuum(db) }];
  return db.engine === "pglite" ? [...everywhere, ...embedded] : everywhere;
}
