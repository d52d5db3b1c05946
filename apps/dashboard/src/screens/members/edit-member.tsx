import type { MemberResource, Role, UpdateMember } from "@slotwire/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fieldError } from "../../api/field-error.ts";
import { hub } from "../../api/hub.ts";
import { sessionQuery } from "../../api/queries.ts";
import { access } from "../../messages/access.ts";
import { t } from "../../messages/messages.ts";
import { Button } from "../../parts/button.tsx";
import { ConfirmButton } from "../../parts/confirm-button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DialogActions } from "../../parts/dialog-actions.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { proven } from "../../session/proof.ts";
import { keysQuery } from "../keys/queries.ts";
import { MemberKeysNote } from "./member-keys-note.tsx";
import { invitationsQuery, membersQuery } from "./queries.ts";
import { RoleFields, roleInForm } from "./role-fields.tsx";

interface EditMemberProps {
  member: MemberResource;
  isSelf: boolean;
  /** Else only leaving is offered. */
  mayEdit: boolean;
  onClose: () => void;
}

/** Changes what a member may do, or ends the membership. */
export function EditMember({ member, isSelf, mayEdit, onClose }: EditMemberProps) {
  const queries = useQueryClient();
  const [role, setRole] = useState<Role>(member.role);
  const [revokesKeys, setRevokesKeys] = useState(false);
  const keysNote = { member, revokes: revokesKeys, onRevokes: setRevokesKeys };
  const readAgain = () =>
    Promise.all(
      [membersQuery.queryKey, invitationsQuery.queryKey, keysQuery.queryKey].map((queryKey) =>
        queries.invalidateQueries({ queryKey }),
      ),
    );
  const save = useMutation({
    mutationFn: (changes: UpdateMember) =>
      proven(() => hub.members.update(member.user_id, changes)),
    onSuccess: async () => {
      if (isSelf) await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
      await readAgain();
      onClose();
    },
  });
  const remove = useMutation({
    mutationFn: () =>
      proven(() =>
        hub.members.remove(member.user_id, { revoke_keys: revokesKeys ? "true" : "false" }),
      ),
    onSuccess: async () => {
      if (isSelf) return window.location.assign("/");
      await readAgain();
      return onClose();
    },
  });
  const error = save.error ?? remove.error;
  const providerError = fieldError(save.error, "provider_email");
  return (
    <Dialog title={member.name} onClose={onClose} isWide={mayEdit}>
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          const changes = roleInForm(new FormData(event.currentTarget), member);
          const ends = revokesKeys && changes.role !== member.role;
          save.mutate({ ...changes, ...(ends && { revoke_keys: true }) });
        }}
      >
        {mayEdit && <RoleFields value={member} providerError={providerError} onRole={setRole} />}
        {role !== member.role && <MemberKeysNote {...keysNote} nextRole={role} />}
        {error && providerError === undefined && <ProblemPanel error={error} />}
        <DialogActions>
          <ConfirmButton
            icon={isSelf ? "leave" : "cross"}
            weight="danger"
            label={isSelf ? access.members.leave : access.members.remove}
            question={
              isSelf ? access.members.leaveConfirm : access.members.removeConfirm(member.name)
            }
            disabled={remove.isPending}
            onConfirm={() => remove.mutate()}
          >
            <MemberKeysNote {...keysNote} nextRole={null} />
          </ConfirmButton>
          <span className="ml-auto flex gap-2">
            <Button onClick={onClose}>{t.app.cancel}</Button>
            {mayEdit && (
              <Button type="submit" weight="primary" disabled={save.isPending}>
                {save.isPending ? t.app.saving : t.app.save}
              </Button>
            )}
          </span>
        </DialogActions>
      </form>
    </Dialog>
  );
}
