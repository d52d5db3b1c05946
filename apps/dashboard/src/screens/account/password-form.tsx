import { useMutation, useQueryClient } from "@tanstack/react-query";
import { fieldError } from "../../api/field-error.ts";
import { hub } from "../../api/hub.ts";
import { sessionQuery } from "../../api/queries.ts";
import { access } from "../../messages/access.ts";
import { Button } from "../../parts/button.tsx";
import { PasswordField } from "../../parts/password-field.tsx";
import { Section } from "../../parts/section.tsx";
import { proven } from "../../session/proof.ts";
import { useSession } from "../../session/use-session.ts";
import { SignInProblem } from "../sign-in/sign-in-problem.tsx";
import { useWait } from "../sign-in/use-wait.ts";
import { sessionsQuery } from "./sessions-query.ts";
import { textIn } from "../../parts/text-in.ts";

type NewPassword = Parameters<typeof hub.account.setPassword>[0];

/** The password: the first one, or another one. */
export function PasswordForm() {
  const { user, has_password: hasPassword } = useSession();
  const queries = useQueryClient();
  const set = useMutation({
    mutationFn: (password: NewPassword) => proven(() => hub.account.setPassword(password)),
    onSuccess: (session) => {
      queries.setQueryData(sessionQuery.queryKey, session);
      void queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
  });
  const wait = useWait(set.error);
  const wrong = fieldError(set.error, "password");
  if (user.email === null && !hasPassword) {
    return (
      <Section title={access.account.passwordTitle} text={access.account.noEmail}>
        {null}
      </Section>
    );
  }
  return (
    <Section
      title={access.account.passwordTitle}
      text={hasPassword ? access.account.passwordSet : access.account.passwordUnset}
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          const element = event.currentTarget;
          const form = new FormData(element);
          const text = (field: string) => textIn(form, field);
          set.mutate(
            {
              password: text("password"),
              ...(hasPassword ? { current_password: text("current_password") } : {}),
            },
            { onSuccess: () => element.reset() },
          );
        }}
      >
        <input type="hidden" name="username" autoComplete="username" value={user.email ?? ""} />
        {wrong === undefined && (
          <SignInProblem error={set.error} wait={wait} wrong={access.prove.wrong} />
        )}
        <div className="grid items-start gap-4 sm:grid-cols-2">
          {hasPassword && (
            <PasswordField
              label={access.account.currentPassword}
              name="current_password"
              autoComplete="current-password"
            />
          )}
          <PasswordField
            label={access.form.newPassword}
            name="password"
            autoComplete="new-password"
            minLength={10}
            hint={access.form.passwordHint}
            error={wrong}
          />
        </div>
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" disabled={set.isPending || wait > 0}>
            {hasPassword ? access.account.changePassword : access.account.setPassword}
          </Button>
          <output className="text-sm text-ok">
            {set.isSuccess && access.account.passwordDone}
          </output>
        </div>
      </form>
    </Section>
  );
}
