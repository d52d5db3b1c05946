import type { Problem } from "@slotwire/contract";
import { t } from "../messages/messages.ts";
import { problemOf } from "../api/problem-of.ts";
import { ProofDeclined } from "../session/proof.ts";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";

interface ProblemPanelProps {
  error: unknown;
  onRetry?: (() => void) | undefined;
}

/** What went wrong and what the reader can do about it. */
export function ProblemPanel({ error, onRetry }: ProblemPanelProps) {
  // Whoever closed the question who they are knows that nothing happened.
  if (error instanceof ProofDeclined) return null;
  const problem = problemOf(error);
  return (
    <div role="alert" className="panel flex gap-3 border-bad p-4">
      <Icon name="warn" className="mt-0.5 size-5 text-bad" />
      <div className="min-w-0 flex-1 space-y-1">
        <p className="font-semibold">{problem.title}</p>
        {problem.detail && problem.detail !== problem.title && <p>{problem.detail}</p>}
        <p className="text-muted">{problem.remedy}</p>
        <FieldErrors problem={problem} />
        {problem.request_id && (
          <p className="font-mono text-xs text-muted">{t.problem.requestId(problem.request_id)}</p>
        )}
        {onRetry && (
          <div className="pt-2">
            <Button icon="retry" onClick={onRetry}>
              {t.app.tryAgain}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

function FieldErrors({ problem }: { problem: Problem }) {
  if (!problem.errors || problem.errors.length === 0) return null;
  return (
    <ul className="list-disc pl-5">
      {problem.errors.map((error) => (
        <li key={`${error.path} ${error.message}`}>
          <code>{error.path}</code>: {error.message}
        </li>
      ))}
    </ul>
  );
}
