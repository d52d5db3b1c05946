import { deliver, type MakeRetryResult } from "./deliver-to-make.ts";
import { type MakeTarget, makeTarget, type MakeWebhookConfig } from "./make-config.ts";
import type { MakeEvent, MakeEventData } from "./make-payload.ts";

/** What became of the events of a batch, in their order. */
export interface MakeBatchResult {
  /** Whether all of them arrived. */
  readonly success: boolean;
  readonly sent: number;
  readonly failed: number;
  readonly results: readonly MakeRetryResult[];
}

/** An event of a batch, with what the scenario is told beside it. */
export interface MakeBatchEntry<Event> {
  readonly event: Event;
  readonly data?: MakeEventData;
}

/**
 * Sends several events: each is a request of its own, as a scenario runs once for each. Those of one
 * booking go one after the other, in the order given; others beside them, as fast as Make takes them.
 * When the webhook is gone, what is left is not sent. Never throws.
 */
export async function sendBatchToMakeWebhook<Event extends MakeEvent>(
  events: readonly (Event | MakeBatchEntry<Event>)[],
  config: MakeWebhookConfig = {},
): Promise<MakeBatchResult> {
  // Programs without types may hand over anything.
  if (!isList(events)) return notEvents;
  const target = makeTarget({ ...config });
  const results: MakeRetryResult[] = [];
  const nextTurn = turns(target);
  const queues = queuesOf(events.map((entry) => entryOf<Event>(entry)));
  let goneBecause: string | null = null;
  const workThrough = async (): Promise<void> => {
    for (let queue = queues.shift(); queue !== undefined; queue = queues.shift()) {
      for (const { index, event, data = null } of queue) {
        if (goneBecause !== null) {
          results[index] = { success: false, error: goneBecause, attempts: 0 };
          continue;
        }
        const { result, isGone } = await deliver(target, { event, data }, nextTurn);
        results[index] = result;
        if (isGone) goneBecause = result.error;
      }
    }
  };
  const length = Math.min(target.concurrency, queues.length);
  await Promise.all(Array.from({ length }, workThrough));
  const sent = results.filter(({ success }) => success).length;
  return { success: sent === results.length, sent, failed: results.length - sent, results };
}

const isList = (value: unknown): boolean => Array.isArray(value);

const notEvents: MakeBatchResult = {
  success: false,
  sent: 0,
  failed: 1,
  results: [{ success: false, error: "The events have to be a list.", attempts: 0 }],
};

/** An entry as it is, or one of an event alone; what is neither is refused when it is its turn. */
function entryOf<Event>(entry: Event | MakeBatchEntry<Event>): MakeBatchEntry<Event> {
  const isEntry =
    typeof entry === "object" && entry !== null && "event" in entry && !("event_type" in entry);
  return isEntry ? entry : { event: entry as Event };
}

/** Lets requests begin one after the other, no faster than Make takes them. */
function turns({ pause, ratePerSecond, signal }: MakeTarget): () => Promise<void> {
  let next: Promise<void> = Promise.resolve();
  return () => {
    const mine = next;
    next = mine.then(() => pause(1000 / ratePerSecond, signal));
    return mine;
  };
}

interface Queued<Event> extends MakeBatchEntry<Event> {
  readonly index: number;
}

/** One queue for each booking; an event of none has its own. */
function queuesOf<Event extends MakeEvent>(
  entries: readonly MakeBatchEntry<Event>[],
): Queued<Event>[][] {
  const queues = new Map<string | symbol, Queued<Event>[]>();
  for (const [index, entry] of entries.entries()) {
    const key = (entry.event as Event | null | undefined)?.booking_id ?? Symbol("no booking");
    queues.set(key, [...(queues.get(key) ?? []), { index, ...entry }]);
  }
  return [...queues.values()];
}
