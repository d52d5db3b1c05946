import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { fieldError } from "../../api/field-error.ts";
import { hub } from "../../api/hub.ts";
import { access } from "../../messages/access.ts";
import { Button, LinkButton } from "../../parts/button.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { PasswordField } from "../../parts/password-field.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { OpenProofQuestion } from "../../session/proof-question.tsx";
import { proven } from "../../session/proof.ts";
import { useSession } from "../../session/use-session.ts";
import { EntryCard } from "../sign-in/entry-card.tsx";
import { textIn } from "../../parts/text-in.ts";

interface Owner {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** Name, e-mail and password of whoever came by the hub's first link. */
export function WelcomeScreen() {
  const { user } = useSession();
  // What a person has to type: the hub calls its first owner something until then.
  const [name] = useState(user.email === null ? "" : user.name);
  const save = useMutation({
    mutationFn: (owner: Owner) => proven(() => saveOwner(owner)),
    onSuccess: () => window.location.replace("/"),
  });
  const wrong = (field: string) => fieldError(save.error, field);
  const isInField = ["name", "email", "password"].some((field) => wrong(field) !== undefined);
  return (
    <EntryCard title={access.welcome.title} text={access.welcome.text}>
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const text = (field: string) => textIn(form, field);
          save.mutate({
            name: text("name").trim(),
            email: text("email").trim(),
            password: text("password"),
          });
        }}
      >
        {save.error && !isInField && <ProblemPanel error={save.error} />}
        <FormField label={access.form.name} error={wrong("name")}>
          {(ids) => (
            <input
              {...ids}
              name="name"
              defaultValue={name}
              required
              maxLength={100}
              autoComplete="name"
              className="field"
            />
          )}
        </FormField>
        <FormField label={access.form.email} error={wrong("email")}>
          {(ids) => (
            <input
              {...ids}
              name="email"
              type="email"
              defaultValue={user.email ?? ""}
              required
              maxLength={254}
              autoComplete="username"
              className="field"
            />
          )}
        </FormField>
        <PasswordField
          label={access.form.password}
          name="password"
          autoComplete="new-password"
          minLength={10}
          hint={access.form.passwordHint}
          error={wrong("password")}
        />
        <div className="flex flex-wrap items-center justify-between gap-2 pt-1">
          <LinkButton to="/" weight="ghost">
            {access.welcome.later}
          </LinkButton>
          <Button type="submit" weight="primary" disabled={save.isPending || save.isSuccess}>
            {access.welcome.submit}
          </Button>
        </div>
      </form>
      <OpenProofQuestion />
    </EntryCard>
  );
}

/** The password comes last: what it is refused for may be the name or the e-mail. */
async function saveOwner({ name, email, password }: Owner): Promise<void> {
  await hub.account.update({ name, email });
  await hub.account.setPassword({ password });
}
