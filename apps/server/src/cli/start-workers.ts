import { createDestinationDeps } from "../destinations/destination-deps.ts";
import { DeliveryWorker } from "../destinations/delivery-worker.ts";
import type { Hub } from "../http/app.types.ts";
import { MessageWorker } from "../inbox/message-worker.ts";

/** The workers of one process, as one. */
export interface Workers {
  /** @param deadline milliseconds that work under way still has */
  stop(deadline: number): Promise<void>;
}

/** Starts what works off the rows that other transactions left: messages and deliveries. */
export function startWorkers(hub: Hub): Workers {
  const { config, log } = hub;
  const messages = new MessageWorker(hub);
  const deliveries = new DeliveryWorker({
    ...createDestinationDeps(hub, config.allowPrivateDestinations),
    log,
    retrySchedule: config.retrySchedule,
  });
  messages.start();
  deliveries.start();
  return {
    async stop(deadline) {
      await Promise.all([messages.stop(), deliveries.stop(deadline)]);
    },
  };
}
