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
  const { status, statusText: title } = response;
  const found = (await response.json().catch(() => null)) as Partial<Problem> | null;
  const isProblem = isText(found?.code) && isText(found?.title);
  // Proxies and the like know nothing of problem documents.
  const problem = isProblem
    ? ({ ...found, status } as Problem)
    : { type: "about:blank", title: title || `HTTP ${status}`, status, code: "E_HTTP", remedy };
  return new ApiError(problem, Number(response.headers.get("retry-after")) || null);
}

const remedy = "Check the address of the hub and whatever stands in front of it.";

const isText = (value: unknown): boolean => typeof value === "string";
