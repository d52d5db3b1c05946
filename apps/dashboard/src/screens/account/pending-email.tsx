import { useMutation, useQueryClient } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";
import { sessionQuery } from "../../api/queries.ts";
import { access } from "../../messages/access.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { useSession, useZone } from "../../session/use-session.ts";
import { formatShortDateTime } from "../../time/format-time.ts";
import { SignInProblem } from "../sign-in/sign-in-problem.tsx";
import { useWait } from "../sign-in/use-wait.ts";

/** The e-mail that waits for its link to be opened, if there is one. */
export function PendingEmail() {
  const { user, pending_email: pending } = useSession();
  const zone = useZone();
  const queries = useQueryClient();
  const readAgain = () => queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
  const resend = useMutation({
    mutationFn: () => hub.account.resendEmailLink(),
    onSuccess: (session) => queries.setQueryData(sessionQuery.queryKey, session),
    onError: readAgain,
  });
  const cancel = useMutation({
    mutationFn: () => hub.account.cancelEmailChange(),
    onSettled: readAgain,
  });
  const wait = useWait(resend.error);
  const present = user.email ?? "";
  const isBusy = resend.isPending || cancel.isPending;
  return (
    <div className={pending ? "mt-5 space-y-3 rounded-lg bg-accent-soft p-4" : undefined}>
      <output className="block">
        {pending && (
          <>
            <span className="flex items-start gap-2 font-semibold">
              <Icon name="mail" className="mt-1 size-4 shrink-0 text-accent-strong" />
              <span className="min-w-0 wrap-anywhere">
                {access.account.pendingEmail(pending.email)}
              </span>
            </span>
            <span className="mt-1 block text-sm wrap-anywhere">
              {resend.isSuccess && `${access.account.pendingResent} `}
              {access.account.pendingText(present, formatShortDateTime(pending.expires_at, zone))}
            </span>
          </>
        )}
        {!pending && cancel.isSuccess && (
          <span className="mt-3 block text-sm wrap-anywhere text-ok">
            {access.account.pendingCancelled(present)}
          </span>
        )}
      </output>
      {pending && (
        <>
          <SignInProblem error={resend.error ?? cancel.error} wait={wait} wrong="" />
          <div className="flex flex-wrap items-center gap-2">
            <Button icon="retry" disabled={isBusy || wait > 0} onClick={() => resend.mutate()}>
              {access.account.pendingResend}
            </Button>
            <Button disabled={isBusy} onClick={() => cancel.mutate()}>
              {access.account.pendingCancel}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
