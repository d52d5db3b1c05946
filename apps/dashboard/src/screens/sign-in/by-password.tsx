import { ApiError } from "@slotwire/client";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { SignInOptions } from "@slotwire/contract";
import { useState, type ReactNode } from "react";
import { hub } from "../../api/hub.ts";
import { signInOptionsQuery } from "../../api/queries.ts";
import { access } from "../../messages/access.ts";
import { Button } from "../../parts/button.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { PasswordField } from "../../parts/password-field.tsx";
import { CodeForm } from "./code-form.tsx";
import { EntryCard } from "./entry-card.tsx";
import { Forgot } from "./forgot.tsx";
import { FirstLink, LostWayIn } from "./link-how-to.tsx";
import { Notice } from "./notice.tsx";
import { OidcButton } from "./oidc-button.tsx";
import { SignInProblem } from "./sign-in-problem.tsx";
import { useSessionElsewhere } from "./use-session-elsewhere.ts";
import { useWait } from "./use-wait.ts";
import { textIn } from "../../parts/text-in.ts";

type Credentials = Parameters<typeof hub.session.signInByPassword>[0];

interface ByPasswordProps {
  /** Where one goes on. */
  to: string;
  /** The sign-in provider's refusal, or good news, above the form. */
  notice: ReactNode;
}

/** Signing in by e-mail and password, in up to two steps. */
export function ByPassword({ to, notice }: ByPasswordProps) {
  useSessionElsewhere(to);
  const options = useQuery(signInOptionsQuery);
  const [view, setView] = useState<"password" | "code" | "forgot">("password");
  const [known, setKnown] = useState<Credentials>({ email: "", password: "" });
  const [isRecovery, setIsRecovery] = useState(false);
  const signIn = useMutation({
    mutationFn: (credentials: Credentials) => hub.session.signInByPassword(credentials),
    // A fresh page: nothing of whoever was signed in before is left in it.
    onSuccess: () => window.location.replace(to),
    onError: (error) => {
      if (error instanceof ApiError && error.code === "E_SECOND_FACTOR") setView("code");
    },
  });
  const wait = useWait(signIn.error);
  const isPending = signIn.isPending || signIn.isSuccess;
  if (view === "forgot") {
    return <Forgot options={options.data} onBack={() => setView("password")} />;
  }
  if (view === "code") {
    return (
      <EntryCard
        title={isRecovery ? access.signIn.recoveryTitle : access.signIn.codeTitle}
        text={isRecovery ? access.signIn.recoveryText : access.signIn.codeText}
      >
        <CodeForm
          error={signIn.error}
          wait={wait}
          isPending={isPending}
          isRecovery={isRecovery}
          submitLabel={access.signIn.submit}
          onRecovery={setIsRecovery}
          onCode={(code) => signIn.mutate({ ...known, code })}
          onBack={() => {
            signIn.reset();
            setView("password");
          }}
        />
      </EntryCard>
    );
  }
  return (
    <PasswordCard
      options={options.data}
      notice={signIn.error === null ? notice : null}
      problem={<SignInProblem error={signIn.error} wait={wait} wrong={access.signIn.wrong} />}
      to={to}
      isPending={isPending}
      isBarred={wait > 0}
      email={known.email}
      onForgot={() => setView("forgot")}
      onSubmit={(credentials) => {
        setKnown(credentials);
        signIn.mutate(credentials);
      }}
    />
  );
}

interface PasswordCardProps {
  options: SignInOptions | undefined;
  notice: ReactNode;
  problem: ReactNode;
  to: string;
  isPending: boolean;
  isBarred: boolean;
  email: string;
  onForgot: () => void;
  onSubmit: (credentials: Credentials) => void;
}

function PasswordCard(props: PasswordCardProps) {
  const { options, to } = props;
  const isNew = options?.setup ?? false;
  const form = (
    <>
      <PasswordForm {...props} />
      {options?.oidc && <OidcButton label={options.oidc.label} returnTo={to} />}
    </>
  );
  if (isNew) {
    return (
      <EntryCard title={access.signIn.setupTitle} text={access.signIn.setupText}>
        {props.notice}
        <FirstLink />
        <details className="border-t border-line pt-4">
          <summary className="font-medium">{access.signIn.withPassword}</summary>
          <div className="mt-4 space-y-4">{form}</div>
        </details>
      </EntryCard>
    );
  }
  return (
    <EntryCard title={access.signIn.title} below={<LostWayIn />}>
      {props.notice}
      {form}
    </EntryCard>
  );
}

function PasswordForm(props: PasswordCardProps) {
  const { problem, isPending, isBarred, email, onForgot, onSubmit } = props;
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const text = (name: string) => textIn(form, name);
        onSubmit({ email: text("email").trim(), password: text("password") });
      }}
    >
      {problem}
      <FormField label={access.form.email}>
        {(ids) => (
          <input
            {...ids}
            name="email"
            type="email"
            defaultValue={email}
            required
            maxLength={254}
            autoComplete="username"
            className="field"
          />
        )}
      </FormField>
      <PasswordField label={access.form.password} name="password" autoComplete="current-password" />
      <Button
        type="submit"
        weight="primary"
        className="min-h-11 w-full"
        disabled={isPending || isBarred}
      >
        {isPending ? access.signIn.working : access.signIn.submit}
      </Button>
      <p className="text-center">
        <button
          type="button"
          onClick={onForgot}
          className="min-h-8 text-sm text-accent hover:underline"
        >
          {access.signIn.forgot}
        </button>
      </p>
    </form>
  );
}

/** Why the sign-in provider's answer was no good, or that a new password is set. */
export function noticeFor(error: string | null, isPasswordSet: boolean): ReactNode {
  const words: Readonly<Record<string, string>> = access.signIn.oidcErrors;
  if (error !== null)
    return <Notice tone="bad">{words[error] ?? access.signIn.failedTitle}</Notice>;
  return isPasswordSet ? <Notice tone="ok">{access.signIn.passwordSet}</Notice> : null;
}
