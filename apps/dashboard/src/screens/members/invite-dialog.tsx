import type { CreatedInvitation, CreateInvitation } from "@slotwire/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { fieldError } from "../../api/field-error.ts";
import { hub } from "../../api/hub.ts";
import { access } from "../../messages/access.ts";
import { t } from "../../messages/messages.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DialogActions } from "../../parts/dialog-actions.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { proven } from "../../session/proof.ts";
import { invitationsQuery } from "./queries.ts";
import { type RoleChoice, RoleFields, roleInForm } from "./role-fields.tsx";
import { textIn } from "../../parts/text-in.ts";

interface InviteDialogProps {
  onClose: () => void;
  onInvited: (invitation: CreatedInvitation) => void;
}

/** The least that is useful. */
const usual: RoleChoice = { role: "staff", provider_email: null, hide_contacts: false };

/** The form of a new invitation. */
export function InviteDialog({ onClose, onInvited }: InviteDialogProps) {
  const queries = useQueryClient();
  const invite = useMutation({
    mutationFn: (invitation: CreateInvitation) => proven(() => hub.invitations.create(invitation)),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: invitationsQuery.queryKey });
      onInvited(made);
    },
  });
  const wrong = (field: string) => fieldError(invite.error, field);
  const isInField = wrong("email") !== undefined || wrong("provider_email") !== undefined;
  return (
    <Dialog title={access.members.invite} onClose={onClose} isWide>
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const email = textIn(form, "email").trim();
          invite.mutate({ email, ...roleInForm(form, usual) });
        }}
      >
        <FormField
          label={access.form.email}
          hint={access.members.inviteHint}
          error={wrong("email")}
        >
          {(ids) => (
            <input
              {...ids}
              name="email"
              type="email"
              required
              maxLength={254}
              autoComplete="off"
              className="field"
            />
          )}
        </FormField>
        <RoleFields value={usual} providerError={wrong("provider_email")} />
        {invite.error && !isInField && <ProblemPanel error={invite.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t.app.cancel}</Button>
          <Button type="submit" weight="primary" disabled={invite.isPending}>
            {invite.isPending ? access.members.sending : access.members.sendInvitation}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
