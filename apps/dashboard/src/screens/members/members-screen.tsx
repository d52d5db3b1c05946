import type { CreatedInvitation } from "@slotwire/contract";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { access } from "../../messages/access.ts";
import { Button } from "../../parts/button.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { useMay } from "../../session/use-may.ts";
import { InvitationList } from "./invitation-list.tsx";
import { InviteDialog } from "./invite-dialog.tsx";
import { InvitedDialog } from "./invited-dialog.tsx";
import { MemberRow } from "./member-row.tsx";
import { membersQuery } from "./queries.ts";

/** Who belongs to the organisation, and who is invited to it. */
export function MembersScreen() {
  const query = useQuery(membersQuery);
  const mayManage = useMay()("members:manage");
  const [isInviting, setIsInviting] = useState(false);
  const [invited, setInvited] = useState<CreatedInvitation | null>(null);
  const members = query.data;
  return (
    <div className="mx-auto max-w-5xl">
      <PageHeader title={access.members.title} below={access.members.intro}>
        {mayManage && (
          <Button weight="primary" icon="plus" onClick={() => setIsInviting(true)}>
            {access.members.invite}
          </Button>
        )}
      </PageHeader>
      {query.error && <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />}
      <div className="panel overflow-hidden">
        {query.isPending && <ListSkeleton lines={3} />}
        <ul className="divide-y divide-line" aria-label={access.members.title}>
          {members?.map((member) => (
            <MemberRow key={member.user_id} member={member} />
          ))}
        </ul>
        {members?.length === 1 && mayManage && (
          <div className="border-t border-line">
            <EmptyState
              icon="users"
              title={access.members.aloneTitle}
              text={access.members.aloneText}
            />
          </div>
        )}
      </div>
      <InvitationList onResent={setInvited} />
      {isInviting && (
        <InviteDialog
          onClose={() => setIsInviting(false)}
          onInvited={(invitation) => {
            setIsInviting(false);
            setInvited(invitation);
          }}
        />
      )}
      {invited && <InvitedDialog invitation={invited} onClose={() => setInvited(null)} />}
    </div>
  );
}
