import { ApiError } from "@slotwire/client";
import type { SessionResource } from "@slotwire/contract";
import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { hub } from "../../api/hub.ts";
import { isSignedOut } from "../../api/problem-of.ts";
import { access } from "../../messages/access.ts";
import { Button } from "../../parts/button.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { useAddressToken } from "../sign-in/address-token.ts";
import { EntryCard } from "../sign-in/entry-card.tsx";
import { forgetToken, keepToken, keptToken } from "./kept-token.ts";

const words = access.confirmEmail;

const whoQuery = queryOptions({
  queryKey: ["sign-in", "confirm-email"],
  queryFn: async (): Promise<SessionResource | null> => {
    try {
      return await hub.session.get();
    } catch (error) {
      if (isSignedOut(error)) return null;
      throw error;
    }
  },
  staleTime: "static",
  retry: false,
});

/** Where the link leads that was mailed to a new e-mail: whoever asked for it says yes. */
export function ConfirmEmailScreen() {
  const inAddress = useAddressToken();
  const [kept] = useState(keptToken);
  const token = inAddress ?? kept;
  const { data: session, error, refetch } = useQuery(whoQuery);
  if (token === null) return <Dead title={words.noTokenTitle} text={words.noTokenText} />;
  if (session === undefined) {
    return (
      <EntryCard title={words.loading}>
        {error && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      </EntryCard>
    );
  }
  if (session === null) return <SignInFirst token={token} />;
  return <Question key={token} token={token} session={session} />;
}

function SignInFirst({ token }: { token: string }) {
  const goOn = (): void => {
    keepToken(token);
    window.location.assign("/sign-in?to=/confirm-email");
  };
  return (
    <EntryCard title={words.signInTitle} text={words.signInText}>
      <Button weight="primary" className="min-h-11 w-full" onClick={goOn}>
        {access.signIn.title}
      </Button>
    </EntryCard>
  );
}

function Question({ token, session }: { token: string; session: SessionResource }) {
  const confirm = useMutation({
    mutationFn: () => hub.account.confirmEmail(token),
    onSettled: forgetToken,
  });
  const { user, pending_email: pending } = session;
  if (confirm.data !== undefined) {
    return (
      <EntryCard title={words.doneTitle} text={words.doneText(confirm.data.user.email ?? "")}>
        <ToAccount />
      </EntryCard>
    );
  }
  if (pending === null) return <Dead title={words.goneTitle} text={words.noneText(user.name)} />;
  if (confirm.error instanceof ApiError && confirm.error.code === "E_EMAIL_CHANGE") {
    return <Dead title={words.goneTitle} text={words.goneText} />;
  }
  const sentences = [
    words.text(pending.email),
    user.email === null ? null : words.instead(user.email),
  ];
  return (
    <EntryCard title={words.title} text={sentences.filter(Boolean).join(" ")}>
      {confirm.error && <ProblemPanel error={confirm.error} />}
      <Button
        weight="primary"
        className="min-h-11 w-full"
        disabled={confirm.isPending}
        onClick={() => confirm.mutate()}
      >
        {confirm.isPending ? words.working : words.submit}
      </Button>
    </EntryCard>
  );
}

function Dead({ title, text }: { title: string; text: string }) {
  return (
    <EntryCard title={title} text={text}>
      <ToAccount />
    </EntryCard>
  );
}

function ToAccount() {
  return <Button onClick={() => window.location.assign("/account")}>{words.toAccount}</Button>;
}
