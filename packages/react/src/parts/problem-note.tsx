"use client";

import type { ReactElement } from "react";
import { common } from "../messages/en.ts";
import { useWords } from "../use-words.ts";
import { problemWords } from "./problem-words.ts";

/** What went wrong, why, and a way to try again. Read out at once. */
export function ProblemNote({
  title,
  error,
  why,
  onRetry,
}: {
  readonly title: string;
  readonly error: unknown;
  /** In place of what the error says. */
  readonly why?: string | undefined;
  readonly onRetry?: () => void;
}): ReactElement {
  const words = useWords("common", common);
  return (
    <div className="sw-problem" role="alert">
      <p>
        <strong>{title}</strong> {why ?? problemWords(error, words)}
      </p>
      {onRetry && (
        <button type="button" className="sw-button" onClick={onRetry}>
          {words.retry}
        </button>
      )}
    </div>
  );
}
