import type { InvitationPreview } from "@slotwire/contract";
import { useMutation } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";
import { access } from "../../messages/access.ts";
import { Button } from "../../parts/button.tsx";
import { Notice } from "../sign-in/notice.tsx";
import { SignInProblem } from "../sign-in/sign-in-problem.tsx";
import { useWait } from "../sign-in/use-wait.ts";

interface MailLinkProps {
  token: string;
  preview: InvitationPreview;
}

/** Has the link mailed that makes an account: this one was shown to whoever invites. */
export function MailLink({ token, preview: { email } }: MailLinkProps) {
  const send = useMutation({ mutationFn: () => hub.invitations.mail(token) });
  const wait = useWait(send.error);
  const button = (
    <Button
      weight={send.isSuccess ? "plain" : "primary"}
      className="min-h-11 w-full"
      disabled={send.isPending || wait > 0}
      onClick={() => send.mutate()}
    >
      {send.isPending
        ? access.invite.sendingLink
        : send.isSuccess
          ? access.invite.sendAgain
          : access.invite.sendLink}
    </Button>
  );
  return (
    <div className="space-y-4">
      {send.isSuccess ? (
        <Notice tone="ok">{access.invite.linkSent(email)}</Notice>
      ) : (
        <p className="text-sm wrap-anywhere text-muted">{access.invite.byMailText(email)}</p>
      )}
      <SignInProblem error={send.error} wait={wait} wrong="" />
      {button}
    </div>
  );
}
