import { ApiError } from "@slotwire/client";
import { access } from "../../messages/access.ts";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { Notice } from "./notice.tsx";

interface SignInProblemProps {
  error: unknown;
  /** Seconds until it may be tried again. */
  wait: number;
  /** What to say when what was typed is wrong. */
  wrong: string;
}

/** Why somebody was not let in, in a sentence where that is all there is to say. */
export function SignInProblem({ error, wait, wrong }: SignInProblemProps) {
  if (error === null || error === undefined) return null;
  const code = error instanceof ApiError ? error.code : null;
  if (code === "E_SECOND_FACTOR") return null;
  if (code === "E_CREDENTIALS") return <Notice tone="bad">{wrong}</Notice>;
  if (code === "E_RATE_LIMITED") {
    return wait === 0 ? null : <Notice tone="bad">{access.form.waitFor(wait)}</Notice>;
  }
  return <ProblemPanel error={error} />;
}
