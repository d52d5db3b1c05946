import type { MemberResource, Role } from "@slotwire/contract";
import { useQuery } from "@tanstack/react-query";
import { access } from "../../messages/access.ts";
import { ChoiceRow } from "../../parts/choice-row.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { useSession } from "../../session/use-session.ts";
import { KeyNames } from "../keys/key-names.tsx";
import { memberKeysQuery } from "./queries.ts";

interface MemberKeysNoteProps {
  member: MemberResource;
  /** The role that the member would get; null when the membership would end. */
  nextRole: Role | null;
  /** Whether the organisation's keys end, too. */
  revokes: boolean;
  onRevokes: (revokes: boolean) => void;
}

/** What becomes of the keys that a member made; nothing when they made none. */
export function MemberKeysNote({ member, nextRole, revokes, onRevokes }: MemberKeysNoteProps) {
  const { grants, user } = useSession();
  const query = useQuery(memberKeysQuery(member.user_id, nextRole));
  if (query.error) return <ProblemPanel error={query.error} />;
  if (query.isPending) return <p className="mt-3 text-sm text-muted">{access.keys.looking}</p>;
  const { revoked_keys: ending, kept_keys: kept } = query.data;
  const isSelf = member.user_id === user.id;
  return (
    <>
      {ending.length > 0 && (
        <div className="mt-4">
          <p>{access.members.keysEnd(ending.length)}</p>
          <KeyNames keys={ending} />
        </div>
      )}
      {kept.length > 0 && (
        <div className="mt-4">
          <p>
            {isSelf
              ? access.members.ownKeysGoOn(kept.length)
              : access.members.keysGoOn(member.name, kept.length)}
          </p>
          <KeyNames keys={kept} />
          {grants["keys:manage"] === "all" && (
            <ChoiceRow
              type="checkbox"
              // In the question of the removal, Enter must not save the form that it stands in.
              {...(nextRole === null && { form: "" })}
              className="mt-3"
              title={access.members.revokeKeys(kept.length)}
              text={access.members.revokeKeysHint}
              checked={revokes}
              onChange={(event) => onRevokes(event.currentTarget.checked)}
            />
          )}
        </div>
      )}
    </>
  );
}
