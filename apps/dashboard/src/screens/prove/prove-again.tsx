import { ApiError } from "@slotwire/client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { hub } from "../../api/hub.ts";
import { signInOptionsQuery } from "../../api/queries.ts";
import { access } from "../../messages/access.ts";
import { t } from "../../messages/messages.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { PasswordField } from "../../parts/password-field.tsx";
import type { ProofQuestion } from "../../session/proof.ts";
import { useSession } from "../../session/use-session.ts";
import { CodeField } from "../sign-in/code-form.tsx";
import { OidcButton } from "../sign-in/oidc-button.tsx";
import { SignInProblem } from "../sign-in/sign-in-problem.tsx";
import { useWait } from "../sign-in/use-wait.ts";
import { textIn } from "../../parts/text-in.ts";

/** Asks who it is before something sensitive is done. */
export function ProveAgain({ question }: { question: ProofQuestion }) {
  const { has_password: hasPassword } = useSession();
  return (
    <Dialog title={access.prove.title} onClose={question.decline}>
      <div className="space-y-4">
        <p className="text-muted">{hasPassword ? access.prove.text : access.prove.noPassword}</p>
        {hasPassword ? <ByPassword question={question} /> : <SignInAgain />}
      </div>
    </Dialog>
  );
}

interface Proof {
  readonly password: string;
  readonly code?: string;
}

function ByPassword({ question }: { question: ProofQuestion }) {
  const { user, has_second_factor: hasFactor } = useSession();
  const [isRecovery, setIsRecovery] = useState(false);
  const confirm = useMutation({
    mutationFn: (proof: Proof) => hub.session.confirm(proof),
    onSuccess: question.answer,
  });
  const wait = useWait(confirm.error);
  const wantsCode =
    hasFactor || (confirm.error instanceof ApiError && confirm.error.code === "E_SECOND_FACTOR");
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const code = form.get("code");
        confirm.mutate({
          password: textIn(form, "password"),
          ...(typeof code === "string" ? { code } : {}),
        });
      }}
    >
      <SignInProblem error={confirm.error} wait={wait} wrong={access.prove.wrong} />
      <input type="hidden" name="username" autoComplete="username" value={user.email ?? ""} />
      <PasswordField label={access.form.password} name="password" autoComplete="current-password" />
      {wantsCode && <CodeField isRecovery={isRecovery} />}
      <div className="flex flex-wrap justify-between gap-2">
        {wantsCode ? (
          <Button weight="ghost" className="-ml-3" onClick={() => setIsRecovery(!isRecovery)}>
            {isRecovery ? access.signIn.byApp : access.signIn.byRecovery}
          </Button>
        ) : (
          <span />
        )}
        <span className="flex gap-2">
          <Button onClick={question.decline}>{t.app.cancel}</Button>
          <Button type="submit" weight="primary" disabled={confirm.isPending || wait > 0}>
            {confirm.isPending ? access.prove.confirming : access.prove.submit}
          </Button>
        </span>
      </div>
    </form>
  );
}

/** An account without a password is proven where it signs in. */
function SignInAgain() {
  const options = useQuery(signInOptionsQuery);
  const signOut = useMutation({
    mutationFn: () => hub.session.signOut(),
    onSettled: () => window.location.assign("/sign-in"),
  });
  const here = `${window.location.pathname}${window.location.search}`;
  return (
    <div className="space-y-4">
      <Button weight="primary" disabled={signOut.isPending} onClick={() => signOut.mutate()}>
        {access.prove.signOut}
      </Button>
      {options.data?.oidc && <OidcButton label={options.data.oidc.label} returnTo={here} />}
    </div>
  );
}
