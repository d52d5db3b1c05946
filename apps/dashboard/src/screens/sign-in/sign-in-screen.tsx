import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
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

/** The same, also when the link is pasted into a tab that shows this page already. */
function useTokenInAddress(): string | null {
  const [token, setToken] = useState(tokenInAddress);
  useEffect(() => {
    const readAgain = (): void => setToken(tokenInAddress());
    window.addEventListener("hashchange", readAgain);
    return () => window.removeEventListener("hashchange", readAgain);
  }, []);
  return token;
}

// A query and not a mutation, because it is made by showing the page: React's strict mode shows a
// page twice, and queries of one key are made once. A link works only once.
const signInQuery = (token: string | null) =>
  queryOptions({
    queryKey: ["sign-in", token],
    queryFn: () => hub.session.signIn(token ?? ""),
    enabled: token !== null,
    staleTime: "static",
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

/** Signs in by the one-time link. The link is only used up by this page's POST, never by a GET. */
export function SignInScreen() {
  const token = useTokenInAddress();
  const { error, isSuccess, refetch } = useQuery(signInQuery(token));
  const navigate = useNavigate();
  const queries = useQueryClient();
  useEffect(() => {
    document.title = t.app.title(t.signIn.title);
  }, []);
  useEffect(() => {
    if (!isSuccess) return;
    queries.removeQueries({ queryKey: sessionQuery.queryKey });
    void navigate({ to: "/", replace: true });
  }, [isSuccess, navigate, queries]);
  return <SignInCard>{content(token, error, () => void refetch())}</SignInCard>;
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
    <output className="flex items-center gap-3 py-6">
      <span className="size-2.5 animate-pulse-soft rounded-full bg-accent" aria-hidden="true" />
      <h1 className="text-lg font-medium">{t.signIn.working}</h1>
    </output>
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
