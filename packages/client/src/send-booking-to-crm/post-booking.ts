import type { IncomingBooking, RefusedBooking, StoredBooking } from "@slotwire/contract";
import { timeLimit } from "../time-limit.ts";

/** Where bookings are posted. */
export interface BookingTarget {
  /** Address of the hub; null when nobody has set it. */
  readonly url: string | null;
  readonly secret: string | null;
  /** How long an answer may take, ms. */
  readonly timeout: number;
  readonly fetch: typeof globalThis.fetch;
}

/** How one try ended. */
export type Attempt =
  | { readonly outcome: "taken"; readonly answer: IncomingBooking | StoredBooking }
  | { readonly outcome: "refused"; readonly answer: RefusedBooking }
  /** Trying again may help. */
  | {
      readonly outcome: "failed";
      readonly error: string;
      /** When the hub wants to be asked again, ms; null when it does not say. */
      readonly retryAfter: number | null;
      /** Nobody answered: the others' turn would end alike. */
      readonly isUnreachable: boolean;
    };

/** Posts a message once. Never throws. */
export async function postBooking(target: BookingTarget, body: string): Promise<Attempt> {
  if (target.url === null) return unreachable("CRM_WEBHOOK_URL is not set.");
  if (target.secret === null) return unreachable("CRM_WEBHOOK_SECRET is not set.");
  try {
    const response = await target.fetch(`${target.url}/api/bookings/incoming`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-webhook-secret": target.secret },
      body,
      // A redirect would carry the secret to a place that nobody chose.
      redirect: "manual",
      signal: timeLimit(target.timeout),
    });
    // A body can be read once: everything else goes by this text.
    return attemptOf(response, await response.text());
  } catch (error) {
    return unreachable(wordsOf(error));
  }
}

function unreachable(error: string): Attempt {
  return { outcome: "failed", error, retryAfter: null, isUnreachable: true };
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return "The hub did not answer.";
  if (error.name === "TimeoutError") return "The hub did not answer in time.";
  const cause = error.cause instanceof Error ? error.cause : error;
  return `The hub did not answer: ${cause.message || error.message}`;
}

/** What only another payload can mend. */
const final: ReadonlySet<number> = new Set([400, 413, 422]);

function attemptOf(response: Response, text: string): Attempt {
  const answer = parse(text);
  if (response.ok && answer?.["success"] === true) {
    return { outcome: "taken", answer: answer as unknown as IncomingBooking | StoredBooking };
  }
  // A page of something between here and the hub is no word of the hub.
  if (final.has(response.status) && typeof answer?.["error"] === "string") {
    return { outcome: "refused", answer: answer as unknown as RefusedBooking };
  }
  const said = typeof answer?.["error"] === "string" ? `: ${answer["error"]}` : "";
  return {
    outcome: "failed",
    error: `The hub answered with status ${response.status}${said}`,
    retryAfter: secondsIn(response.headers.get("retry-after")),
    isUnreachable: false,
  };
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** `Retry-After` in seconds (RFC 9110 §10.2.3), as ms; the hub sends no dates. */
function secondsIn(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header.trim()) ? Number(header) * 1000 : null;
}
