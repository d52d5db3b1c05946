import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState, type ReactNode } from "react";
import { hub } from "../../api/hub.ts";
import { isSignedOut } from "../../api/problem-of.ts";
import { sessionQuery } from "../../api/queries.ts";
import { t } from "../../messages/messages.ts";
import { CopyField } from "../../parts/copy-field.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { Wordmark } from "../../shell/wordmark.tsx";

/** The token of the page's address, from `?token=` or `#token=`. */
function tokenInAddress(): string | null {
  const { search, hash } = window.location;
  return (
    new URLSearchParams(search).get("token") ?? new URLSearchParams(hash.slice(1)).get("token")
  );
}

// A link works once, and React's strict mode runs effects twice: one attempt per token and page.
const attempts = new Map<string, Promise<unknown>>();

function signInOnce(token: string): Promise<unknown> {
  const known = attempts.get(token);
  if (known) return known;
  const attempt = hub.session.signIn(token);
  attempts.set(token, attempt);
  return attempt;
}

/** Signs in by the one-time link. The link is only used up by this page's POST, never by a GET. */
export function SignInScreen() {
  const [token] = useState(tokenInAddress);
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  const navigate = useNavigate();
  const queries = useQueryClient();

  useEffect(() => {
    document.title = t.app.title(t.signIn.title);
  }, []);

  useEffect(() => {
    if (token === null) return;
    signInOnce(token).then(
      async () => {
        queries.removeQueries({ queryKey: sessionQuery.queryKey });
        await navigate({ to: "/", replace: true });
      },
      (failure: unknown) => {
        if (!isSignedOut(failure)) attempts.delete(token);
        setError(failure);
      },
    );
  }, [token, round, navigate, queries]);

  const retry = () => {
    setError(null);
    setRound(round + 1);
  };
  return <SignInCard>{content(token, error, retry)}</SignInCard>;
}

function content(token: string | null, error: unknown, retry: () => void): ReactNode {
  if (token === null) return <HowTo title={t.signIn.noTokenTitle} text={t.signIn.noTokenText} />;
  if (isSignedOut(error)) return <HowTo title={t.signIn.usedTitle} text={t.signIn.usedText} />;
  if (error !== null) {
    return (
      <>
        <h1 className="text-xl font-semibold">{t.signIn.failedTitle}</h1>
        <ProblemPanel error={error} onRetry={retry} />
      </>
    );
  }
  return (
    <div role="status" className="flex items-center gap-3 py-6">
      <span className="size-2.5 animate-pulse-soft rounded-full bg-accent" aria-hidden="true" />
      <h1 className="text-lg font-medium">{t.signIn.working}</h1>
    </div>
  );
}

function HowTo({ title, text }: { title: string; text: string }) {
  return (
    <>
      <h1 className="text-xl font-semibold text-balance">{title}</h1>
      <p className="text-muted">{text}</p>
      <CopyField label={t.signIn.command} value={t.signIn.command} labelled={false} />
      <p className="text-muted">{t.signIn.once}</p>
    </>
  );
}

function SignInCard({ children }: { children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-[80dvh] max-w-md flex-col justify-center px-4 py-10">
      <div className="mb-6">
        <Wordmark />
      </div>
      <div className="panel space-y-4 p-6">{children}</div>
    </main>
  );
}
