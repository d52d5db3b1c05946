import type { MakeTarget } from "./make-config.ts";
import { timeLimit } from "../time-limit.ts";
import { signRequest } from "./sign-request.ts";

/** How one try ended. */
export type MakeAttempt =
  /** No request could be made of it. */
  | { readonly outcome: "unsent"; readonly error: string; readonly responseTime: 0 }
  /** The scenario's queue has it. Whether the scenario runs, Make does not tell. */
  | { readonly outcome: "queued"; readonly responseTime: number }
  /** Trying again may help. */
  | {
      readonly outcome: "failed";
      readonly error: string;
      readonly responseTime: number;
      /** How long Make wants to be left alone, ms; null when it does not say. */
      readonly retryAfter: number | null;
    }
  /** Trying again does not help. */
  | {
      readonly outcome: "refused";
      readonly error: string;
      readonly responseTime: number;
      /** The webhook is no more: nothing else will arrive there either. */
      readonly isGone: boolean;
    };

/** A body that is ready to be sent, and the id that it is recognised by. */
export interface MakeMessage {
  readonly id: string;
  readonly body: string;
}

/** The largest body that Make takes: 5 MB. */
const MAX_BYTES = 5 * 1024 * 1024;
/** Make counts requests over ten seconds. */
const RATE_WINDOW = 10_000;

/** Posts a message once. Never throws. */
export async function postToMake(target: MakeTarget, message: MakeMessage): Promise<MakeAttempt> {
  if (target.url === null) return unsent("MAKE_WEBHOOK_URL is not set.");
  if (new TextEncoder().encode(message.body).length > MAX_BYTES) {
    return unsent("The event is larger than the 5 MB that Make.com takes.");
  }
  const headers = await headersOf(target, message);
  if (headers === null) {
    return unsent("The key or secret cannot be used: validateMakeWebhookConfig says why.");
  }
  if (target.signal.aborted) return unsent("Sending was stopped.");
  const begin = performance.now();
  const elapsed = (): number => performance.now() - begin;
  try {
    const response = await target.fetch(target.url, {
      method: "POST",
      headers,
      body: message.body,
      // A redirect would carry the key to a place that nobody chose.
      redirect: "manual",
      signal: AbortSignal.any([timeLimit(target.timeout), target.signal]),
    });
    const text = (await response.text()).trim();
    return attemptOf(response, text, elapsed());
  } catch (error) {
    return failed(wordsOf(error), elapsed());
  }
}

/** Null where a key cannot stand in a header, or a secret is not what its beginning says. */
async function headersOf(
  { secret, signingSecret }: MakeTarget,
  { id, body }: MakeMessage,
): Promise<Headers | null> {
  try {
    return new Headers({
      // A text/plain body would arrive as one field.
      "content-type": "application/json",
      ...(secret === null ? {} : { "x-make-apikey": secret }),
      ...(signingSecret === null ? {} : await signRequest(signingSecret, id, new Date(), body)),
    });
  } catch {
    return null;
  }
}

function attemptOf(response: Response, text: string, responseTime: number): MakeAttempt {
  const { status } = response;
  if (status >= 200 && status < 300) return { outcome: "queued", responseTime };
  if (status === 410) {
    return refused("The webhook is gone (410): it was deleted, or has no scenario.", {
      responseTime,
      isGone: true,
    });
  }
  if (status === 429) {
    return failed("Too many requests (429).", responseTime, waitOf(response) ?? RATE_WINDOW);
  }
  // The same status also says that the body has not the form that the scenario asks for.
  if (status === 400 && /queue is full/i.test(text)) {
    return failed("The scenario's queue is full (400).", responseTime);
  }
  if (status === 401 || status === 403) {
    return refused(`The webhook refused the key (${status}): look at MAKE_WEBHOOK_SECRET.`, {
      responseTime,
    });
  }
  const said = `Make.com answered with status ${status}${text === "" ? "" : `: ${text.slice(0, 200)}`}`;
  return status === 408 || status >= 500
    ? failed(said, responseTime, waitOf(response))
    : refused(said, { responseTime });
}

function unsent(error: string): MakeAttempt {
  return { outcome: "unsent", error, responseTime: 0 };
}

function failed(
  error: string,
  responseTime: number,
  retryAfter: number | null = null,
): MakeAttempt {
  return { outcome: "failed", error, responseTime, retryAfter };
}

function refused(
  error: string,
  { responseTime, isGone = false }: { responseTime: number; isGone?: boolean },
): MakeAttempt {
  return { outcome: "refused", error, responseTime, isGone };
}

/** `Retry-After` in seconds (RFC 9110 §10.2.3), as ms; null when it is absent or a date. */
function waitOf(response: Response): number | null {
  const header = response.headers.get("retry-after")?.trim() ?? "";
  return /^\d{1,6}$/.test(header) ? Number(header) * 1000 : null;
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return "Make.com did not answer.";
  if (error.name === "TimeoutError") return "Make.com did not answer in time.";
  if (error.name === "AbortError") return "Sending was stopped.";
  const cause = error.cause instanceof Error ? error.cause : error;
  return `Make.com did not answer: ${cause.message || error.message}`;
}
