import { useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { ApiError } from "@slotwire/client";
import { t } from "../messages/messages.ts";
import { Button } from "../parts/button.tsx";
import { CodeBlock } from "../parts/code-block.tsx";
import { ProblemPanel } from "../parts/problem-panel.tsx";

/** In the place of a screen that could not be shown. */
export function FailedScreen({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  // A failed `fetch` is a TypeError too; a defect of the page has a stack with our own files only.
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ApiError || /fetch|network/i.test(message)) {
    return (
      <div className="mx-auto max-w-xl p-4">
        <ProblemPanel error={error} onRetry={retry} />
      </div>
    );
  }
  return (
    <div role="alert" className="panel mx-auto mt-8 max-w-xl space-y-2 p-5">
      <h1 className="text-lg font-semibold">{t.crash.title}</h1>
      <p className="text-muted">{t.crash.remedy}</p>
      <CodeBlock label={t.crash.title} text={message} />
      <Button icon="retry" onClick={() => window.location.reload()}>
        {t.app.tryAgain}
      </Button>
    </div>
  );
}
