import { deliver, type MakeResult, type MakeRetryResult } from "./deliver-to-make.ts";
import { makeTarget, type MakeWebhookConfig } from "./make-config.ts";
import type { MakeEvent, MakeEventData } from "./make-payload.ts";

/** Sends an event to Make.com, and tries once. Never throws. */
export async function sendToMakeWebhook<Event extends MakeEvent>(
  event: Event,
  data: MakeEventData = {},
  config: MakeWebhookConfig = {},
): Promise<MakeResult> {
  const { success, error } = await sendToMakeWebhookWithRetry(event, data, {
    ...config,
    maxAttempts: 1,
  });
  return success ? { success, error: null } : { success, error: error ?? "" };
}

/**
 * Sends an event to Make.com, and tries again after a while where that can help: when nobody
 * answers, at 5xx, 429 and a full queue. Never throws. Waiting ends with the process: what must not
 * be lost is sent by the hub's own destination of the profile `make`, which tries for days.
 */
export async function sendToMakeWebhookWithRetry<Event extends MakeEvent>(
  event: Event,
  data: MakeEventData = {},
  config: MakeWebhookConfig = {},
): Promise<MakeRetryResult> {
  // Programs without types may hand over null.
  return (await deliver(makeTarget({ ...config }), { event, data })).result;
}
