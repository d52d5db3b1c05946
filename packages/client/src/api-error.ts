import type { Problem } from "@slotwire/contract";

/** A request that the hub answered with an error. `problem` says what is wrong and what to do. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem;
  /** The server's wish from `Retry-After`, or null. */
  readonly retryAfterSeconds: number | null;

  constructor(problem: Problem, retryAfterSeconds: number | null = null) {
    super(problem.detail ?? problem.title);
    this.name = "ApiError";
    this.status = problem.status;
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** The hub's code, for example `E_FORBIDDEN`; `E_HTTP` when something in between answered. */
  get code(): string {
    return this.problem.code;
  }
}

/** Reads an answer that is no success, whoever gave it. */
export async function apiErrorOf(response: Response): Promise<ApiError> {
  const { status, statusText } = response;
  const found = (await response.json().catch(() => null)) as Partial<Problem> | null;
  const isProblem = isText(found?.code) && isText(found?.title);
  const problem = isProblem
    ? ({ ...found, status } as Problem)
    : foreignProblem(statusText || `HTTP ${status}`, status);
  return new ApiError(problem, retryAfter(response.headers.get("retry-after")));
}

/** The error for a success that is none: something in between has kept the hub's answer, or gives its own. */
export const heldBack = (title: string): ApiError => new ApiError(foreignProblem(title, 200));

/** Whether it is such an error. */
export const isHeldBack = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 200;

/**
 * Whether it would be the same however often one asks: the hub refuses who asks, or what is asked.
 * What something in between says may be another thing soon.
 */
export function isRefusal(error: unknown): error is ApiError {
  if (!(error instanceof ApiError)) return false;
  const { status, code } = error;
  return [401, 403].includes(status) || (code !== FOREIGN && [400, 404, 422].includes(status));
}

const FOREIGN = "E_HTTP";
const remedy = "Check the address of the hub and whatever stands in front of it.";

/** Proxies and the like know nothing of problem documents. */
const foreignProblem = (title: string, status: number): Problem => ({
  type: "about:blank",
  title,
  status,
  code: FOREIGN,
  remedy,
});

/** Seconds, or the date when they are over (RFC 9110, 10.2.3). */
const retryAfter = (text: string | null): number | null =>
  Number(text) || Math.max(0, Date.parse(text ?? "") - Date.now()) / 1000 || null;

const isText = (value: unknown): boolean => typeof value === "string";
