import { makeTarget, type MakeWebhookConfig } from "./make-config.ts";
import { makePayload } from "./make-payload.ts";
import { postToMake } from "./post-to-make.ts";

/** How a trial ended. */
export interface MakeTestResult {
  readonly success: boolean;
  /** How long Make.com took to answer, ms; null when nothing was sent. */
  readonly responseTime: number | null;
  readonly error: string | null;
}

/**
 * Sends a trial, which can be told from an event by its type `test` and speaks of no booking. Success
 * means that the webhook took it: whether its scenario is switched on, Make.com does not tell. Never
 * throws.
 */
export async function testMakeWebhook(config: MakeWebhookConfig = {}): Promise<MakeTestResult> {
  const target = makeTarget(config);
  const payload = makePayload(
    { event_type: "test", description: "A test: no booking has changed." },
    {},
    { environment: "test", appUrl: target.appUrl, now: new Date() },
  );
  const message = { id: `msg_test_${payload.event_id}`, body: JSON.stringify(payload) };
  const attempt = await postToMake(target, message);
  return {
    success: attempt.outcome === "queued",
    responseTime: attempt.responseTime > 0 ? attempt.responseTime : null,
    error: attempt.outcome === "queued" ? null : attempt.error,
  };
}
