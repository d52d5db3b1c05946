import type { CreatedInvitation } from "@slotwire/contract";
import { access } from "../../messages/access.ts";
import { Button } from "../../parts/button.tsx";
import { CopyField } from "../../parts/copy-field.tsx";
import { Dialog } from "../../parts/dialog.tsx";

interface InvitedDialogProps {
  invitation: CreatedInvitation;
  onClose: () => void;
}

/** Shows an invitation's link, the one time that it can be seen. */
export function InvitedDialog({ invitation, onClose }: InvitedDialogProps) {
  const { email, link, e_mailed: isMailed } = invitation;
  return (
    <Dialog title={access.members.invitedTitle(email)} onClose={onClose}>
      <div className="space-y-4">
        <p className="text-muted">
          {isMailed ? access.members.mailed(email) : access.members.notMailed}
        </p>
        <CopyField label={access.members.link} value={link} labelled={false} />
        <p className="text-sm text-muted">{access.members.linkHint}</p>
        <div className="flex justify-end">
          <Button weight="primary" onClick={onClose}>
            {access.members.done}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
