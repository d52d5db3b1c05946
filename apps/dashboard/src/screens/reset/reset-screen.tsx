import { ApiError } from "@slotwire/client";
import { useMutation } from "@tanstack/react-query";
import { fieldError } from "../../api/field-error.ts";
import { hub } from "../../api/hub.ts";
import { access } from "../../messages/access.ts";
import { Button } from "../../parts/button.tsx";
import { PasswordField } from "../../parts/password-field.tsx";
import { useAddressToken } from "../sign-in/address-token.ts";
import { EntryCard } from "../sign-in/entry-card.tsx";
import { SignInProblem } from "../sign-in/sign-in-problem.tsx";
import { useWait } from "../sign-in/use-wait.ts";
import { textIn } from "../../parts/text-in.ts";

/** Chooses a new password, by the link of a mail. */
export function ResetScreen() {
  const token = useAddressToken();
  return <NewPassword key={token} token={token} />;
}

function NewPassword({ token }: { token: string | null }) {
  const set = useMutation({
    mutationFn: (password: string) => hub.account.resetPassword(token ?? "", password),
    onSuccess: () => window.location.replace("/sign-in#password-set"),
  });
  const wait = useWait(set.error);
  const isUsed = set.error instanceof ApiError && set.error.code === "E_LINK_INVALID";
  if (token === null || isUsed) {
    return (
      <EntryCard title={access.reset.usedTitle} text={access.reset.usedText}>
        <Button weight="primary" onClick={() => window.location.assign("/sign-in")}>
          {access.reset.again}
        </Button>
      </EntryCard>
    );
  }
  const wrong = fieldError(set.error, "password");
  return (
    <EntryCard title={access.reset.title} text={access.reset.text}>
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          set.mutate(textIn(new FormData(event.currentTarget), "password"));
        }}
      >
        {wrong === undefined && <SignInProblem error={set.error} wait={wait} wrong="" />}
        <PasswordField
          label={access.form.newPassword}
          name="password"
          autoComplete="new-password"
          minLength={10}
          hint={access.form.passwordHint}
          error={wrong}
        />
        <Button
          type="submit"
          weight="primary"
          className="min-h-11 w-full"
          disabled={set.isPending || set.isSuccess || wait > 0}
        >
          {access.reset.submit}
        </Button>
      </form>
    </EntryCard>
  );
}
