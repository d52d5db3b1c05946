import type { ErrorCode } from "../errors.ts";

/** Why a call of a source's API failed, as far as it matters to what comes next. */
export type SourceApiProblem =
  /** The key is missing, wrong, or may not do this. */
  | "unauthorised"
  | "not_found"
  /** The source says no: the booking is over, the time is taken. */
  | "refused"
  | "rate_limited"
  /** The hub does not call this address: it is private, and the settings do not allow it. */
  | "address_refused"
  /** No answer, an answer of 5xx, or one that cannot be read. */
  | "unavailable";

const codes: Record<SourceApiProblem, ErrorCode> = {
  unauthorised: "E_SOURCE_KEY",
  not_found: "E_SOURCE_REFUSED",
  refused: "E_SOURCE_REFUSED",
  rate_limited: "E_SOURCE_LIMIT",
  address_refused: "E_SOURCE_ADDRESS",
  unavailable: "E_SOURCE_UNAVAILABLE",
};

const leads: Record<SourceApiProblem, (sourceName: string) => string> = {
  unauthorised: (source) => `The API key of ${source} is wrong, or may not do this: `,
  not_found: () => "",
  refused: () => "",
  rate_limited: (source) => `${source} asks to wait: `,
  address_refused: (source) => `The hub does not call ${source} there: `,
  unavailable: (source) => `${source} did not answer as it should: `,
};

/** A call of a source's API that failed. */
export class SourceApiError extends Error {
  readonly problem: SourceApiProblem;
  /** Status of the answer; null when there was none. */
  readonly status: number | null;
  /** When the source wants to be asked again, in seconds; null when it does not say. */
  readonly retryAfterSeconds: number | null;

  constructor(
    problem: SourceApiProblem,
    message: string,
    options: {
      readonly status?: number | null;
      readonly retryAfterSeconds?: number | null;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "SourceApiError";
    this.problem = problem;
    this.status = options.status ?? null;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }

  /** The code under which people are told of it. */
  get code(): ErrorCode {
    return codes[this.problem];
  }

  /** What people are told of it: the source's own words, and what they are about. */
  describe(sourceName: string): string {
    return leads[this.problem](sourceName) + this.message;
  }

  /** Whether the same call may succeed later. */
  get mayPass(): boolean {
    return this.problem === "rate_limited" || this.problem === "unavailable";
  }
}
