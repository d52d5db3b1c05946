import type { DeliveryResource } from "@slotwire/contract";
import type { SlotwireClient } from "../create-client.ts";

/** How sending to Make.com has gone. What nothing is known of is null, never a division by zero. */
export interface MakeWebhookStats {
  /** Events that were sent, well or not: what could not be sent at all does not count. Each counts once, however often it was tried. */
  readonly totalSent: number;
  readonly successfulSent: number;
  readonly failedSent: number;
  /** Those that are still on their way. */
  readonly pending: number;
  /** In ms, over all tries that were answered. */
  readonly averageResponseTime: number | null;
  /** Per cent of what was sent. */
  readonly successRate: number | null;
  readonly lastSentAt: string | null;
  readonly lastError: string | null;
  /** Whose figures these are: of this process since its start, or of the hub. */
  readonly source: "process" | "hub";
}

interface Counters {
  successful: number;
  failed: number;
  pending: number;
  answers: number;
  answerTime: number;
  lastSentAt: string | null;
  lastError: string | null;
}

const unused = (): Counters => ({
  successful: 0,
  failed: 0,
  pending: 0,
  answers: 0,
  answerTime: 0,
  lastSentAt: null,
  lastError: null,
});

const counters = unused();

/** An event that is on its way, until one of these is called. */
export interface CountedSending {
  /** @param error why it did not arrive; null when it did */
  ended(error: string | null): void;
  /** It turned out that it could not be sent at all. */
  unsent(): void;
}

/** Notes that an event is on its way. */
export function countSending(): CountedSending {
  counters.pending += 1;
  return {
    ended(error) {
      counters.pending -= 1;
      counters.lastSentAt = new Date().toISOString();
      if (error === null) counters.successful += 1;
      else {
        counters.failed += 1;
        counters.lastError = error;
      }
    },
    unsent() {
      counters.pending -= 1;
    },
  };
}

/** Notes how long Make.com took to answer, ms. */
export function countAnswer(responseTime: number): void {
  counters.answers += 1;
  counters.answerTime += responseTime;
}

/** Starts the figures of this process anew. */
export function resetMakeWebhookStats(): void {
  Object.assign(counters, unused());
}

/** The figures of this process, since its start. */
export function getWebhookStats(): MakeWebhookStats;
/**
 * The figures of a hub: its last deliveries to destinations of the profile `make`, 1,000 at most of
 * each. They outlive a process.
 * @throws ApiError when the client's key may not read them
 */
export function getWebhookStats(
  client: Pick<SlotwireClient, "deliveries" | "destinations">,
): Promise<MakeWebhookStats>;
export function getWebhookStats(
  client?: Pick<SlotwireClient, "deliveries" | "destinations">,
): MakeWebhookStats | Promise<MakeWebhookStats> {
  return client === undefined ? statsOf(counters, "process") : statsOfHub(client);
}

function statsOf(from: Counters, source: MakeWebhookStats["source"]): MakeWebhookStats {
  const ended = from.successful + from.failed;
  return {
    totalSent: ended,
    successfulSent: from.successful,
    failedSent: from.failed,
    pending: from.pending,
    averageResponseTime: from.answers === 0 ? null : from.answerTime / from.answers,
    successRate: ended === 0 ? null : (100 * from.successful) / ended,
    lastSentAt: from.lastSentAt,
    lastError: from.lastError,
    source,
  };
}

/** The largest page of a list. */
const PAGE = 100;
const MAX_PAGES = 10;

async function statsOfHub(
  client: Pick<SlotwireClient, "deliveries" | "destinations">,
): Promise<MakeWebhookStats> {
  const figures = unused();
  const { data: destinations } = await client.destinations.list();
  for (const { id, profile } of destinations) {
    if (profile === "make") await countDeliveries(client, id, figures);
  }
  return statsOf(figures, "hub");
}

async function countDeliveries(
  { deliveries }: Pick<SlotwireClient, "deliveries">,
  destinationId: string,
  figures: Counters,
): Promise<void> {
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { data, next_cursor } = await deliveries.list({
      destination_id: destinationId,
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const delivery of data) countDelivery(delivery, figures);
    if (next_cursor === null) return;
    cursor = next_cursor;
  }
}

/** Newest first, so that the first error is the last one. */
function countDelivery(delivery: DeliveryResource, figures: Counters): void {
  if (delivery.status === "delivered") {
    figures.successful += 1;
    const at = delivery.delivered_at ?? delivery.created_at;
    if (figures.lastSentAt === null || at > figures.lastSentAt) figures.lastSentAt = at;
  } else if (delivery.status === "exhausted") {
    figures.failed += 1;
    figures.lastError ??= delivery.error_class;
  } else if (delivery.status !== "skipped" && delivery.status !== "cancelled") {
    figures.pending += 1;
  }
}
