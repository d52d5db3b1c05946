import type { CreatedInvitation, InvitationResource } from "@slotwire/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";
import { access } from "../../messages/access.ts";
import { t } from "../../messages/messages.ts";
import { Button } from "../../parts/button.tsx";
import { Chip } from "../../parts/chip.tsx";
import { ConfirmButton } from "../../parts/confirm-button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { proven } from "../../session/proof.ts";
import { useMay } from "../../session/use-may.ts";
import { useNow } from "../../time/use-now.ts";
import { invitationsQuery } from "./queries.ts";

interface InvitationListProps {
  /** Takes the invitation with its new link. */
  onResent: (invitation: CreatedInvitation) => void;
}

/** The invitations that nobody has accepted yet. */
export function InvitationList({ onResent }: InvitationListProps) {
  const query = useQuery(invitationsQuery);
  return (
    <section className="mt-8" aria-labelledby="open-invitations">
      <h2 id="open-invitations" className="mb-2 px-1 font-semibold">
        {access.members.open}
      </h2>
      {query.error && <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />}
      <div className="panel overflow-hidden">
        {query.isPending && <ListSkeleton lines={1} />}
        {query.data?.length === 0 && (
          <p className="px-5 py-4 text-muted">{access.members.openEmpty}</p>
        )}
        <ul className="divide-y divide-line">
          {query.data?.map((invitation) => (
            <InvitationRow key={invitation.id} invitation={invitation} onResent={onResent} />
          ))}
        </ul>
      </div>
    </section>
  );
}

interface InvitationRowProps extends InvitationListProps {
  invitation: InvitationResource;
}

function InvitationRow({ invitation, onResent }: InvitationRowProps) {
  const queries = useQueryClient();
  const may = useMay();
  const now = useNow();
  const { id, email, role } = invitation;
  const onSettled = () => queries.invalidateQueries({ queryKey: invitationsQuery.queryKey });
  const resend = useMutation({
    mutationFn: () => proven(() => hub.invitations.resend(id)),
    onSuccess: onResent,
    onSettled,
  });
  const revoke = useMutation({ mutationFn: () => hub.invitations.revoke(id), onSettled });
  const mayManage = may("members:manage") && (role !== "owner" || may("owners:manage"));
  const isExpired = Date.parse(invitation.expires_at) <= now;
  const error = resend.error ?? revoke.error;
  return (
    <li className="px-4 py-3 sm:px-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <span className="grid size-8 shrink-0 place-items-center rounded-full bg-sunken text-muted">
          <Icon name="mail" />
        </span>
        <div className="min-w-0 flex-1 basis-48">
          <p className="font-medium wrap-anywhere">{email}</p>
          <p className="text-sm text-muted">
            {t.roles[role]}
            {invitation.invited_by !== null &&
              ` · ${access.members.invitedBy(invitation.invited_by)}`}
          </p>
        </div>
        <p className="w-full pl-12 text-sm text-muted sm:w-auto sm:pl-0">
          {isExpired ? (
            <Chip look={{ tone: "warn", icon: "clock" }}>{access.members.expired}</Chip>
          ) : (
            <>
              {access.members.expires} <TimeAgo at={invitation.expires_at} />
            </>
          )}
        </p>
        {mayManage && (
          <div className="flex gap-2 max-sm:pl-12">
            <Button
              icon="link"
              aria-label={access.members.resendOf(email)}
              disabled={resend.isPending}
              onClick={() => resend.mutate()}
            >
              {access.members.resend}
            </Button>
            <ConfirmButton
              icon="cross"
              label={access.members.revoke}
              fullLabel={access.members.revokeOf(email)}
              question={access.members.revokeConfirm(email)}
              disabled={revoke.isPending}
              onConfirm={() => revoke.mutate()}
            />
          </div>
        )}
      </div>
      {error && (
        <div className="mt-3">
          <ProblemPanel error={error} />
        </div>
      )}
    </li>
  );
}
