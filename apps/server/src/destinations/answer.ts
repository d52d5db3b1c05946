import type { Profile, Verdict } from "./profiles/profile.ts";

/** Why an attempt failed. What does not stand here succeeded: any 2xx, however long its body. */
export type ErrorClass =
  | "dns"
  | "address_refused"
  | "connect_refused"
  | "connect_timeout"
  | "tls"
  | "reset"
  | "protocol"
  | "timeout"
  | "redirect"
  | "gone"
  | "too_many"
  /** 502, 503 and 504: the receiver is there, and cannot take it now. */
  | "unavailable"
  /** An answer that means no by the rules of the receiver's kind, and always will. */
  | "rejected"
  /** An answer of 2xx that means no by the rules of the receiver's kind, for now. */
  | "not_accepted"
  | "http_4xx"
  | "http_5xx"
  /** The hub itself stopped again and again while it was sending. */
  | "lease_lost"
  | "internal";

/** How an attempt ended. Durations are in milliseconds. */
export interface Answer {
  /** What was sent, secrets replaced; null when there was nothing to send. */
  readonly requestHeaders: Readonly<Record<string, string>> | null;
  readonly requestBody: string | null;
  /** Null when no answer came. */
  readonly statusCode: number | null;
  /** Null when it succeeded. */
  readonly errorClass: ErrorClass | null;
  /** What the network said, for people; null when an answer came. */
  readonly error: string | null;
  /** The first headers of the answer, up to 8 KiB. */
  readonly responseHeaders: Readonly<Record<string, string>> | null;
  /** The beginning of the answer's body. */
  readonly responseBody: string | null;
  /** The `Retry-After` header as it came. */
  readonly retryAfter: string | null;
  /** Looking the name up; null, like the next two, over a connection that was open already. */
  readonly dnsMs: number | null;
  readonly connectMs: number | null;
  readonly tlsMs: number | null;
  /** From the first step to the answer's headers. */
  readonly firstByteMs: number | null;
  /** From the first step to the last byte that was read. */
  readonly totalMs: number;
}

/** What is known of an answer that did not come. */
export const nothingReceived = {
  requestHeaders: null,
  requestBody: null,
  statusCode: null,
  responseHeaders: null,
  responseBody: null,
  retryAfter: null,
  dnsMs: null,
  connectMs: null,
  tlsMs: null,
  firstByteMs: null,
  totalMs: 0,
} as const;

/** The columns of an attempt that say what was sent, what came back and where the time went. */
export function attemptColumns(answer: Answer) {
  return {
    status_code: answer.statusCode,
    error_class: answer.errorClass,
    error: answer.error,
    request_headers: answer.requestHeaders,
    request_body: answer.requestBody,
    response_headers: answer.responseHeaders,
    response_body: answer.responseBody,
    dns_ms: answer.dnsMs,
    connect_ms: answer.connectMs,
    tls_ms: answer.tlsMs,
    first_byte_ms: answer.firstByteMs,
    total_ms: answer.totalMs,
  };
}

/**
 * The class of an answer by its status. A redirect is a failure: the receiver's owner has to
 * correct the URL, and following it would send signed data to a place that nobody chose.
 */
export function classifyStatus(status: number): ErrorClass | null {
  if (status >= 200 && status < 300) return null;
  if (status < 400) return "redirect";
  if (status === 410) return "gone";
  if (status === 429) return "too_many";
  if (status >= 502 && status <= 504) return "unavailable";
  return status < 500 ? "http_4xx" : "http_5xx";
}

/** An answer as the kind of receiver means it. */
export function judged(answer: Answer, { judge }: Pick<Profile, "judge">): Answer {
  const { statusCode, responseBody, errorClass } = answer;
  if (statusCode === null) return answer;
  const classes: Readonly<Record<Verdict, ErrorClass | null>> = {
    delivered: null,
    retry: errorClass === null || errorClass === "gone" ? "not_accepted" : errorClass,
    reject: "rejected",
    disable: "gone",
  };
  return { ...answer, errorClass: classes[judge({ statusCode, responseBody })] };
}

const classOfCode: Readonly<Record<string, ErrorClass>> = {
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  EAI_FAIL: "dns",
  EAI_NODATA: "dns",
  EAI_NONAME: "dns",
  ECONNREFUSED: "connect_refused",
  EHOSTUNREACH: "connect_refused",
  ENETUNREACH: "connect_refused",
  EADDRNOTAVAIL: "connect_refused",
  ETIMEDOUT: "connect_timeout",
  UND_ERR_CONNECT_TIMEOUT: "connect_timeout",
  ECONNRESET: "reset",
  EPIPE: "reset",
  UND_ERR_SOCKET: "reset",
  UND_ERR_HEADERS_OVERFLOW: "protocol",
  CERT_HAS_EXPIRED: "tls",
  CERT_NOT_YET_VALID: "tls",
  DEPTH_ZERO_SELF_SIGNED_CERT: "tls",
  SELF_SIGNED_CERT_IN_CHAIN: "tls",
  UNABLE_TO_GET_ISSUER_CERT: "tls",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "tls",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "tls",
  EPROTO: "tls",
  SLOTWIRE_ADDRESS_REFUSED: "address_refused",
};

/** The class and the words of an error that the network or the HTTP client threw. */
export function classifyError(error: unknown): { errorClass: ErrorClass; error: string } {
  const cause = firstCause(error);
  return { errorClass: classOf(cause), error: cause.message.slice(0, 300) };
}

interface Cause {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
}

function classOf({ name, code }: Cause): ErrorClass {
  if (name === "HTTPParserError") return "protocol";
  if (typeof code !== "string") return "internal";
  return classOfCode[code] ?? (/^(ERR_TLS|ERR_SSL|CERT_|UNABLE_)/.test(code) ? "tls" : "internal");
}

/** Trying several addresses of a host fails with all their errors: the first one speaks. */
function firstCause(error: unknown): Cause {
  if (error instanceof AggregateError && error.errors.length > 0)
    return firstCause(error.errors[0]);
  return error instanceof Error ? error : { name: "", message: String(error) };
}
