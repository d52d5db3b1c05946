import type { SignInOptions } from "@slotwire/contract";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { hub } from "../../api/hub.ts";
import { access } from "../../messages/access.ts";
import { Button } from "../../parts/button.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { EntryCard } from "./entry-card.tsx";
import { LinkCommands } from "./link-how-to.tsx";
import { SignInProblem } from "./sign-in-problem.tsx";
import { useWait } from "./use-wait.ts";

interface ForgotProps {
  options: SignInOptions | undefined;
  onBack: () => void;
}

/** What whoever forgot the password does: a mail, or an owner with a terminal. */
export function Forgot({ options, onBack }: ForgotProps) {
  const [email, setEmail] = useState("");
  const ask = useMutation({
    mutationFn: (address: string) => hub.account.requestPasswordReset(address),
  });
  const wait = useWait(ask.error);
  const back = (
    <Button weight="ghost" className="-ml-3" icon="previous" onClick={onBack}>
      {access.forgot.back}
    </Button>
  );
  if (options !== undefined && !options.password_reset) {
    return (
      <EntryCard title={access.forgot.noMailTitle} text={access.forgot.noMailText}>
        <LinkCommands />
        {back}
      </EntryCard>
    );
  }
  if (ask.isSuccess) {
    return (
      <EntryCard title={access.forgot.sentTitle} text={access.forgot.sent(email)}>
        {back}
      </EntryCard>
    );
  }
  return (
    <EntryCard title={access.forgot.title} text={access.forgot.text}>
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          ask.mutate(email.trim());
        }}
      >
        <SignInProblem error={ask.error} wait={wait} wrong="" />
        <FormField label={access.form.email}>
          {(ids) => (
            <input
              {...ids}
              type="email"
              required
              maxLength={254}
              autoComplete="username"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
              className="field"
            />
          )}
        </FormField>
        <Button
          type="submit"
          weight="primary"
          className="min-h-11 w-full"
          disabled={ask.isPending || wait > 0}
        >
          {ask.isPending ? access.forgot.sending : access.forgot.submit}
        </Button>
      </form>
      {back}
    </EntryCard>
  );
}
