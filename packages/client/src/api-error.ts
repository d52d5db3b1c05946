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
  const text = await response.text().catch(() => "");
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new ApiError(
    problemIn(text) ?? problemOf(response),
    Number.isFinite(seconds) ? seconds : null,
  );
}

function problemIn(text: string): Problem | null {
  try {
    const value: unknown = JSON.parse(text);
    return isProblem(value) ? value : null;
  } catch {
    return null;
  }
}

function isProblem(value: unknown): value is Problem {
  return (
    typeof value === "object" &&
    value !== null &&
    "code" in value &&
    typeof value.code === "string" &&
    "status" in value &&
    typeof value.status === "number" &&
    "title" in value
  );
}

/** For answers of proxies and the like, which know nothing of problem documents. */
function problemOf(response: Response): Problem {
  return {
    type: "about:blank",
    title: response.statusText === "" ? `HTTP ${response.status}` : response.statusText,
    status: response.status,
    code: "E_HTTP",
    remedy: "Check the address of the hub and whatever stands in front of it.",
  };
}
