import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { fieldError } from "../../api/field-error.ts";
import { hub } from "../../api/hub.ts";
import { sessionQuery } from "../../api/queries.ts";
import { access } from "../../messages/access.ts";
import { t } from "../../messages/messages.ts";
import { Button } from "../../parts/button.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { Section } from "../../parts/section.tsx";
import { proven } from "../../session/proof.ts";
import { useSession } from "../../session/use-session.ts";
import { textIn } from "../../parts/text-in.ts";
import { SignInProblem } from "../sign-in/sign-in-problem.tsx";
import { useWait } from "../sign-in/use-wait.ts";
import { PendingEmail } from "./pending-email.tsx";

interface Profile {
  readonly name: string;
  readonly email?: string;
}

/** Name and e-mail. */
export function ProfileForm() {
  const { user, role } = useSession();
  const queries = useQueryClient();
  const emailField = useRef<HTMLInputElement>(null);
  const save = useMutation({
    mutationFn: (changes: Profile) => proven(() => hub.account.update(changes)),
    onSuccess: (session) => {
      queries.setQueryData(sessionQuery.queryKey, session);
      // What was asked for stands below until it counts.
      if (emailField.current) emailField.current.value = session.user.email ?? "";
    },
  });
  const wait = useWait(save.error);
  const mayChangeEmail = role === "owner" || role === "admin";
  const wrong = (field: string) => fieldError(save.error, field);
  // Another e-mail is asked for, and not saved yet: what is below says so.
  const asked = save.variables?.email?.toLowerCase();
  const isAsked = asked !== undefined && save.data?.user.email !== asked;
  const isSaved = save.isSuccess && !isAsked;
  const isInField = wrong("name") !== undefined || wrong("email") !== undefined;
  return (
    <Section title={access.account.profile}>
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const email = textIn(form, "email").trim();
          save.mutate({
            name: textIn(form, "name").trim(),
            ...(mayChangeEmail && email !== "" ? { email } : {}),
          });
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <FormField label={access.form.name} error={wrong("name")}>
            {(ids) => (
              <input
                {...ids}
                name="name"
                defaultValue={user.name}
                required
                maxLength={100}
                autoComplete="name"
                className="field"
              />
            )}
          </FormField>
          <FormField
            label={access.form.email}
            hint={mayChangeEmail ? undefined : access.account.emailFixed}
            error={wrong("email")}
          >
            {(ids) => (
              <input
                {...ids}
                ref={emailField}
                name="email"
                type="email"
                defaultValue={user.email ?? ""}
                readOnly={!mayChangeEmail}
                required={mayChangeEmail && user.email !== null}
                maxLength={254}
                autoComplete="email"
                className={`field ${mayChangeEmail ? "" : "bg-raised text-muted"}`}
              />
            )}
          </FormField>
        </div>
        {!isInField && <SignInProblem error={save.error} wait={wait} wrong="" />}
        <div className="flex items-center gap-3">
          <Button type="submit" disabled={save.isPending}>
            {save.isPending ? t.app.saving : t.app.save}
          </Button>
          <output className="text-sm text-ok">{isSaved && access.form.saved}</output>
        </div>
      </form>
      <PendingEmail />
    </Section>
  );
}
