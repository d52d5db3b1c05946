import type { MemberResource } from "@slotwire/contract";
import { useState } from "react";
import { access } from "../../messages/access.ts";
import { t } from "../../messages/messages.ts";
import { Avatar } from "../../parts/avatar.tsx";
import { Button } from "../../parts/button.tsx";
import { Chip } from "../../parts/chip.tsx";
import { Icon } from "../../parts/icon.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useMay } from "../../session/use-may.ts";
import { useSession } from "../../session/use-session.ts";
import { EditMember } from "./edit-member.tsx";

/** One member: who it is, as what, and when last seen here. */
export function MemberRow({ member }: { member: MemberResource }) {
  const { user } = useSession();
  const may = useMay();
  const [isEditing, setIsEditing] = useState(false);
  const isSelf = member.user_id === user.id;
  const mayEdit = may("members:manage") && (member.role !== "owner" || may("owners:manage"));
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 sm:px-5">
      <Avatar name={member.name} />
      <div className="min-w-0 flex-1 basis-36 sm:basis-48">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
          <span className="min-w-0 wrap-anywhere">{member.name}</span>
          {isSelf && <Chip look={{ tone: "ok", icon: "person" }}>{access.members.you}</Chip>}
        </p>
        <p className="text-sm wrap-anywhere text-muted">{member.email}</p>
      </div>
      <div className="order-last w-full min-w-0 pl-12 text-sm sm:order-none sm:w-64 sm:pl-0">
        <p className="flex items-center gap-1.5 font-medium">
          {t.roles[member.role]}
          {member.has_second_factor && (
            <span className="text-ok" title={access.members.secondFactor}>
              <Icon name="shield" />
              <span className="sr-only">{access.members.secondFactor}</span>
            </span>
          )}
        </p>
        <p className="text-muted">
          <StaffView member={member} />
          {member.last_seen_at === null ? (
            access.members.neverSeen
          ) : (
            <>
              {access.members.seen} <TimeAgo at={member.last_seen_at} />
            </>
          )}
        </p>
      </div>
      <div className="ml-auto sm:w-24 sm:text-right">
        {(mayEdit || isSelf) && (
          <Button
            icon="edit"
            aria-label={access.members.editOf(member.name)}
            onClick={() => setIsEditing(true)}
          >
            {access.members.edit}
          </Button>
        )}
      </div>
      {isEditing && (
        <EditMember
          member={member}
          isSelf={isSelf}
          mayEdit={mayEdit}
          onClose={() => setIsEditing(false)}
        />
      )}
    </li>
  );
}

/** What narrows a staff member's view beside the role. */
function StaffView({ member }: { member: MemberResource }) {
  if (member.role !== "staff") return null;
  const words = [
    member.provider_email === null ? null : access.members.sees(member.provider_email),
    member.hide_contacts ? access.members.hiddenContacts : null,
  ].filter((text) => text !== null);
  if (words.length === 0) return null;
  return <span className="block wrap-anywhere">{words.join(" · ")}</span>;
}
