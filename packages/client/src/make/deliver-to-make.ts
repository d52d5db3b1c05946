import type { MakeTarget } from "./make-config.ts";
import type { MakeEvent, MakeEventData } from "./make-payload.ts";
import { countAnswer, type CountedSending, countSending } from "./make-statistics.ts";
import { type MakeAttempt, type MakeMessage, postToMake } from "./post-to-make.ts";
import { writeMessage } from "./write-message.ts";

/** Whether an event is in the scenario's queue, and why not. */
export type MakeResult =
  | { readonly success: true; readonly error: null }
  | { readonly success: false; readonly error: string };

/** The same, and how often it was tried. */
export type MakeRetryResult = MakeResult & { readonly attempts: number };

/** How sending a message ended. */
export interface MakeDelivery {
  readonly result: MakeRetryResult;
  /** The webhook is no more. */
  readonly isGone: boolean;
}

/**
 * Sends an event until it is queued, refused, or was tried often enough. What cannot be written is
 * not tried.
 * @param nextTurn waited for before each request
 */
export async function deliver<Event extends MakeEvent>(
  target: MakeTarget,
  { event, data }: { readonly event: Event; readonly data: MakeEventData | null },
  nextTurn: () => Promise<void> = () => Promise.resolve(),
): Promise<MakeDelivery> {
  const message = writeMessage(event, data, target);
  if (typeof message !== "string") {
    return deliverMessage(target, message, { counted: countSending(), nextTurn });
  }
  return { result: { success: false, error: message, attempts: 0 }, isGone: false };
}

interface Sending {
  readonly counted: CountedSending;
  readonly nextTurn: () => Promise<void>;
}

async function deliverMessage(
  target: MakeTarget,
  message: MakeMessage,
  { counted, nextTurn }: Sending,
): Promise<MakeDelivery> {
  for (let attempts = 1; ; attempts += 1) {
    await nextTurn();
    const attempt = await postToMake(target, message);
    if (attempt.outcome === "unsent") {
      const { error } = attempt;
      const sent = attempts - 1;
      if (sent === 0) counted.unsent();
      else counted.ended(error);
      return { result: { success: false, error, attempts: sent }, isGone: false };
    }
    countAnswer(attempt.responseTime);
    if (attempt.outcome === "queued") {
      counted.ended(null);
      return { result: { success: true, error: null, attempts }, isGone: false };
    }
    const isOver = attempts >= target.maxAttempts || target.signal.aborted;
    if (attempt.outcome === "refused" || isOver) {
      counted.ended(attempt.error);
      const result = { success: false, error: attempt.error, attempts } as const;
      return { result, isGone: attempt.outcome === "refused" && attempt.isGone };
    }
    await target.pause(waitBefore(attempts, attempt, target), target.signal);
  }
}

/** Exponential, with a tenth of chance, so that many that failed together do not return together. */
function waitBefore(
  attempts: number,
  { retryAfter }: Extract<MakeAttempt, { outcome: "failed" }>,
  { retryDelay, maxRetryDelay }: MakeTarget,
): number {
  const wait = Math.min(maxRetryDelay, retryDelay * 2 ** (attempts - 1));
  return Math.max(retryAfter ?? 0, wait) * (1 + Math.random() / 10);
}
