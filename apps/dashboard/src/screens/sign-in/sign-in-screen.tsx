import type { SessionResource } from "@slotwire/contract";
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { hub } from "../../api/hub.ts";
import { isSignedOut } from "../../api/problem-of.ts";
import { sessionQuery, signInOptionsQuery } from "../../api/queries.ts";
import { access } from "../../messages/access.ts";
import { Button } from "../../parts/button.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ownPath } from "../../session/own-path.ts";
import { errorInAddress, forgetFragment, useAddressToken } from "./address-token.ts";
import { ByPassword, noticeFor } from "./by-password.tsx";
import { EntryCard } from "./entry-card.tsx";
import { LinkCommands, RestartSteps } from "./link-how-to.tsx";

const route = getRouteApi("/sign-in");

/** What the fragment says when a new password was just set (`/sign-in#password-set`). */
const PASSWORD_SET = "#password-set";

/** Signs in: by the one-time link that opened the page, by password, or at a provider. */
export function SignInScreen() {
  const token = useAddressToken();
  // The address may be anybody's, so it is looked at once more where it is used.
  const to = ownPath(route.useSearch().to) ?? "/";
  const [notice] = useState(() =>
    noticeFor(errorInAddress(), window.location.hash === PASSWORD_SET),
  );
  useEffect(() => {
    if (token === null) forgetFragment();
  }, [token]);
  if (token === null) return <ByPassword to={to} notice={notice} />;
  return <ByLink key={token} token={token} to={to} />;
}

// A query and not a mutation, because it is made by showing the page: React's strict mode shows a
// page twice, and queries of one key are made once. A link works only once.
const signInQuery = (token: string) =>
  queryOptions({
    queryKey: ["sign-in", token],
    queryFn: async () => {
      const { setup } = await hub.session.options();
      return { session: await hub.session.signIn(token), setup };
    },
    staleTime: "static",
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

/** Uses the link up, by a POST of this page and never by a GET. */
function ByLink({ token, to }: { token: string; to: string }) {
  const { data, error, refetch } = useQuery(signInQuery(token));
  const navigate = useNavigate();
  const queries = useQueryClient();
  useEffect(() => {
    if (data === undefined) return;
    // What was read before belongs to whoever was signed in before.
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "sign-in" });
    queries.setQueryData(sessionQuery.queryKey, data.session);
    void queries.invalidateQueries({ queryKey: signInOptionsQuery.queryKey });
    const next = isNewOwner(data.session, data.setup) ? "/welcome" : to;
    void navigate({ href: next, replace: true });
  }, [data, navigate, queries, to]);
  if (isSignedOut(error)) return <UsedLink />;
  if (error !== null) {
    return (
      <EntryCard title={access.signIn.failedTitle}>
        <ProblemPanel error={error} onRetry={() => void refetch()} />
      </EntryCard>
    );
  }
  return (
    <EntryCard title={access.signIn.working}>
      <output className="flex items-center gap-3">
        <span className="size-2.5 animate-pulse-soft rounded-full bg-accent" aria-hidden="true" />
        <span className="sr-only">{access.signIn.working}</span>
      </output>
    </EntryCard>
  );
}

/** In the place of a link that signs nobody in: what does, which depends on how far the hub is. */
function UsedLink() {
  const options = useQuery(signInOptionsQuery);
  const isNew = options.data?.setup ?? false;
  // An address without the fragment is another page to the browser, which loads it.
  const signIn = (
    <Button
      weight={isNew ? "plain" : "primary"}
      className="min-h-11 w-full"
      onClick={() => window.location.assign("/sign-in")}
    >
      {access.signIn.withPassword}
    </Button>
  );
  if (isNew) {
    return (
      <EntryCard title={access.signIn.usedTitle}>
        <RestartSteps text={access.signIn.usedText} />
        {signIn}
      </EntryCard>
    );
  }
  return (
    <EntryCard title={access.signIn.usedTitle} text={access.signIn.usedLaterText}>
      {signIn}
      {options.isPending || <LinkCommands />}
    </EntryCard>
  );
}

/** Whether this hub is being set up by its first owner. A demo is looked at, and not set up. */
function isNewOwner(session: SessionResource, setup: boolean): boolean {
  const isOwner = session.role === "owner" && session.organisation.slug !== "demo";
  return setup && isOwner && !session.has_password;
}
