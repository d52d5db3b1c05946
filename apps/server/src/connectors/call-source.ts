import { cleanText } from "./clean-text.ts";
import type { ApiAccess } from "./connector.ts";
import { SourceApiError, type SourceApiProblem } from "./source-api-error.ts";

const MAX_REASON = 500;
/** A source that wants to be left alone for longer is asked again after a day. */
const MAX_RETRY_AFTER = 24 * 60 * 60;

/** A call of a source's API. */
export interface SourceCall {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Begins with a slash; comes behind the base URL. */
  readonly path: string;
  /** How the key is sent, and what else the source wants in headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
  /** Why the source said no, in its own words, from the body of its answer. */
  readonly reasonIn: (body: unknown) => unknown;
}

/** What a source answered with a status of 2xx. */
export interface SourceAnswer {
  /** The parsed JSON value, of any shape; null for an empty body. */
  readonly body: unknown;
  /**
   * An instant of the source's clock that what it answered is surely not older than a second
   * before: its `Date` header, less the time that the call took. RFC 3339; the hub's clock is
   * asked when the header is missing.
   */
  readonly asOf: string;
}

/**
 * Calls a source's API, and makes of whatever goes wrong a `SourceApiError`. No message of it
 * contains the key.
 */
export async function callSource(
  { baseUrl, fetch }: Pick<ApiAccess, "baseUrl" | "fetch">,
  call: SourceCall,
): Promise<SourceAnswer> {
  const startedAt = Date.now();
  const answer = await request(`${baseUrl}${call.path}`, call, fetch);
  const text = await answer.text();
  const body = parse(text);
  if (!answer.ok) throw refusal(answer, body, call);
  if (body === undefined) {
    throw new SourceApiError("unavailable", "The answer is no JSON.", { status: answer.status });
  }
  const now = Date.now();
  const theirs = Date.parse(answer.headers.get("date") ?? "");
  const at = (Number.isNaN(theirs) ? now : theirs) - (now - startedAt);
  return { body, asOf: new Date(at).toISOString() };
}

async function request(
  url: string,
  call: SourceCall,
  fetch: ApiAccess["fetch"],
): Promise<Response> {
  const { method, headers, body } = call;
  try {
    return await fetch(url, {
      method,
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    const refused = refusedAddressIn(error);
    if (refused !== null) throw new SourceApiError("address_refused", refused, { cause: error });
    throw new SourceApiError("unavailable", whyNoAnswer(error), { cause: error });
  }
}

/** What is said of an address that the hub does not call (`network/checked-lookup.ts`). */
function refusedAddressIn(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && cause.code === "SLOTWIRE_ADDRESS_REFUSED") return `${cause.message}.`;
  }
  return null;
}

/** The words of the network, without the request, whose headers carry the key. */
function whyNoAnswer(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") {
    return "It did not answer in time.";
  }
  let cause: unknown = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  const words = cause instanceof Error ? cleanText(cause.message, MAX_REASON) : null;
  return words === null ? "It did not answer." : `It did not answer: ${words}`;
}

/** @returns undefined for what is no JSON */
function parse(text: string): unknown {
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal(answer: Response, body: unknown, call: SourceCall): SourceApiError {
  const { status } = answer;
  const given = cleanText(call.reasonIn(body), MAX_REASON);
  const retryAfterSeconds = secondsIn(answer.headers.get("retry-after"));
  const problem = problemOf(status);
  const words = given ?? `It answered with status ${status}.`;
  return new SourceApiError(problem, words, { status, retryAfterSeconds });
}

function problemOf(status: number): SourceApiProblem {
  if (status === 401 || status === 403) return "unauthorised";
  if (status === 404 || status === 410) return "not_found";
  if (status === 429) return "rate_limited";
  if (status === 408 || status === 425) return "unavailable";
  // A redirect is not followed: it would carry the key to a place that nobody chose.
  return status >= 400 && status < 500 ? "refused" : "unavailable";
}

/** `Retry-After`: seconds or a date (RFC 9110 §10.2.3). */
function secondsIn(header: string | null): number | null {
  if (header === null || header.trim() === "") return null;
  const given = header.trim();
  const seconds = /^\d+(\.\d+)?$/.test(given)
    ? Number(given)
    : (Date.parse(given) - Date.now()) / 1000;
  if (!Number.isFinite(seconds)) return null;
  return Math.min(MAX_RETRY_AFTER, Math.max(0, Math.ceil(seconds)));
}
