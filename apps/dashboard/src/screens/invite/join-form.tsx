import { ApiError } from "@slotwire/client";
import type { AcceptInvitation, InvitationPreview } from "@slotwire/contract";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fieldError } from "../../api/field-error.ts";
import { hub } from "../../api/hub.ts";
import { signInOptionsQuery } from "../../api/queries.ts";
import { access } from "../../messages/access.ts";
import { Button } from "../../parts/button.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { PasswordField } from "../../parts/password-field.tsx";
import { CodeForm } from "../sign-in/code-form.tsx";
import { OidcButton } from "../sign-in/oidc-button.tsx";
import { MailLink } from "./mail-link.tsx";
import { SignInProblem } from "../sign-in/sign-in-problem.tsx";
import { useWait } from "../sign-in/use-wait.ts";

interface JoinFormProps {
  token: string;
  preview: InvitationPreview;
  /** Who is signed in in this browser. */
  user: { readonly name: string; readonly email: string | null } | null;
}

type Acceptance = Omit<AcceptInvitation, "token">;

/**
 * Joins: with a new account, with the one that is there, or with the one that is signed in. The link
 * does not tell whether there is one, so whoever comes says so.
 */
export function JoinForm({ token, preview, user }: JoinFormProps) {
  const options = useQuery(signInOptionsQuery);
  const [known, setKnown] = useState<Acceptance | null>(null);
  const [isRecovery, setIsRecovery] = useState(false);
  const [account, setAccount] = useState<AccountChoice>("new");
  const join = useMutation({
    mutationFn: (acceptance: Acceptance) => hub.invitations.accept({ token, ...acceptance }),
    onSuccess: () => window.location.replace("/"),
    onError: (error) => {
      if (isTaken(error)) setAccount("taken");
    },
  });
  const wait = useWait(join.error);
  const isPending = join.isPending || join.isSuccess;
  if (known !== null && isSecondStep(join.error, known)) {
    return (
      <CodeForm
        error={join.error}
        wait={wait}
        isPending={isPending}
        isRecovery={isRecovery}
        submitLabel={access.invite.signInAndJoin}
        onRecovery={setIsRecovery}
        onCode={(code) => {
          const again = { ...known, code };
          setKnown(again);
          join.mutate(again);
        }}
        onBack={() => {
          setKnown(null);
          join.reset();
        }}
      />
    );
  }
  const submit = (given: Acceptance): void => {
    const acceptance = account === "new" && !isThemselves ? { ...given, new_account: true } : given;
    setKnown(acceptance);
    join.mutate(acceptance);
  };
  const isThemselves = user !== null && user.email?.toLowerCase() === preview.email.toLowerCase();
  const isByMail = preview.new_account_by_mail && account === "new" && !isThemselves;
  return (
    <>
      {isByMail ? (
        <MailLink token={token} preview={preview} />
      ) : (
        <FirstStep
          preview={preview}
          user={user}
          isThemselves={isThemselves}
          account={account}
          error={isTaken(join.error) ? null : join.error}
          wait={wait}
          isPending={isPending}
          onSubmit={submit}
        />
      )}
      {!isThemselves && (
        <Button
          weight="ghost"
          className="w-full"
          disabled={isPending}
          onClick={() => {
            setAccount(account === "new" ? "existing" : "new");
            join.reset();
          }}
        >
          {account === "new" ? access.invite.toExisting : access.invite.toNew}
        </Button>
      )}
      {options.data?.oidc && !isThemselves && (
        <OidcButton label={options.data.oidc.label} returnTo="/invite" />
      )}
    </>
  );
}

/** Which account somebody joins with; `taken` when they wanted a new one and there is one. */
type AccountChoice = "new" | "existing" | "taken";

function isTaken(error: unknown): boolean {
  return error instanceof ApiError && error.code === "E_ACCOUNT_EXISTS";
}

/** Once a code was asked for, it is asked for until it is right or somebody goes back. */
function isSecondStep(error: unknown, known: Acceptance): boolean {
  return (
    known.code !== undefined || (error instanceof ApiError && error.code === "E_SECOND_FACTOR")
  );
}

interface FirstStepProps {
  preview: InvitationPreview;
  user: JoinFormProps["user"];
  isThemselves: boolean;
  account: AccountChoice;
  error: unknown;
  wait: number;
  isPending: boolean;
  onSubmit: (acceptance: Acceptance) => void;
}

function FirstStep(props: FirstStepProps) {
  const { preview, isThemselves, account, error, wait, isPending, onSubmit } = props;
  const isNew = account === "new" && !isThemselves;
  const wrong = { name: fieldError(error, "name"), password: fieldError(error, "password") };
  const isInField = wrong.name !== undefined || wrong.password !== undefined;
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const given = Object.fromEntries(
          ["name", "password"].flatMap((field) => {
            const value = form.get(field);
            return typeof value === "string" && value !== "" ? [[field, value]] : [];
          }),
        );
        onSubmit(given);
      }}
    >
      <p className="text-sm text-muted empty:hidden">{wordsOn(props)}</p>
      {!isInField && <SignInProblem error={error} wait={wait} wrong={access.signIn.wrong} />}
      {/* Tells password managers whose password it is. */}
      <input type="hidden" name="username" autoComplete="username" value={preview.email} />
      {isNew && (
        <FormField label={access.form.name} hint={access.invite.nameHint} error={wrong.name}>
          {(ids) => (
            <input
              {...ids}
              name="name"
              required
              maxLength={100}
              autoComplete="name"
              className="field"
            />
          )}
        </FormField>
      )}
      {!isThemselves && (
        <PasswordField
          key={isNew ? "new" : "present"}
          label={access.form.password}
          name="password"
          autoComplete={isNew ? "new-password" : "current-password"}
          {...(isNew ? { minLength: 10, hint: access.form.passwordHint } : {})}
          error={wrong.password}
        />
      )}
      <Button
        type="submit"
        weight="primary"
        className="min-h-11 w-full"
        disabled={isPending || wait > 0}
      >
        {submitWords(isPending, isNew || isThemselves, preview)}
      </Button>
    </form>
  );
}

function wordsOn({ user, isThemselves, account }: FirstStepProps): string {
  if (user !== null && isThemselves) return access.invite.asYourself(user.name);
  const byChoice: Readonly<Record<AccountChoice, string>> = {
    new: access.invite.newText,
    existing: access.invite.signInText,
    taken: access.invite.hasAccount,
  };
  const words = [user === null ? null : access.invite.asSomebodyElse(user.name), byChoice[account]];
  return words.filter((sentence) => sentence !== null).join(" ");
}

function submitWords(isPending: boolean, isPlain: boolean, preview: InvitationPreview): string {
  if (isPending) return access.invite.joining;
  return isPlain ? access.invite.join(preview.organisation) : access.invite.signInAndJoin;
}
