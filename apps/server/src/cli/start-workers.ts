import { CommandWorker } from "../commands/command-worker.ts";
import { createDestinationDeps } from "../destinations/destination-deps.ts";
import { DeliveryWorker } from "../destinations/delivery-worker.ts";
import type { Hub } from "../http/app.types.ts";
import { MessageWorker } from "../inbox/message-worker.ts";
import { endLeases } from "../jobs/end-leases.ts";
import { Scheduler } from "../jobs/scheduler.ts";
import { hubSchedules } from "../jobs/schedules.ts";
import { ReconcileWorker } from "../reconcile/reconcile-worker.ts";

/** The workers of one process, as one. */
export interface Workers {
  /** @param deadline milliseconds that work under way still has */
  stop(deadline: number): Promise<void>;
}

/** Starts what works off rows: messages, deliveries, schedules. */
export async function startWorkers(hub: Hub): Promise<Workers> {
  const { config, log } = hub;
  const messages = new MessageWorker(hub);
  const deliveries = new DeliveryWorker({
    ...createDestinationDeps(hub, config.allowPrivateDestinations),
    log,
    retrySchedule: config.retrySchedule,
  });
  const reconciles = new ReconcileWorker(hub);
  const commands = new CommandWorker(hub);
  const scheduler = new Scheduler(hub, hubSchedules(hub));
  // This process holds the folder's lock: whoever else had a lease is gone.
  if (hub.db.engine === "pglite") await endLeases(hub.db);
  await scheduler.start();
  messages.start();
  reconciles.start();
  deliveries.start();
  commands.start();
  return {
    async stop(deadline) {
      await Promise.all([
        messages.stop(),
        reconciles.stop(),
        deliveries.stop(deadline),
        commands.stop(deadline),
        scheduler.stop(),
      ]);
    },
  };
}
