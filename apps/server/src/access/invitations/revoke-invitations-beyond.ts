import type { Role } from "@slotwire/contract";
import type { Queryable } from "../../db/database.ts";
import { mayManage } from "../members/manage-members.ts";
import { type Author, recordAudit } from "../record-audit.ts";

/**
 * Revokes the open invitations of somebody who could not make them any more: whoever made one has
 * seen its link, and could come back by it.
 * @param tx behind `lockMembers`, in the scope of the system
 * @param person who made them, and the role that is left; null after the membership's end
 */
export async function revokeInvitationsBeyond(
  tx: Queryable,
  author: Author & { readonly at: Date },
  { userId, role }: { readonly userId: string; readonly role: Role | null },
): Promise<void> {
  const open = await tx.query<{ id: string; email: string; role: Role }>(
    `SELECT id, email, role FROM invitation
      WHERE org_id = $1 AND invited_by = $2 AND accepted_at IS NULL AND revoked_at IS NULL
      FOR UPDATE`,
    [author.orgId, userId],
  );
  const asker = role === null ? null : { role, scopes: null };
  for (const invitation of open) {
    if (asker !== null && mayManage(asker, invitation.role)) continue;
    await tx.query("UPDATE invitation SET revoked_at = $3 WHERE org_id = $1 AND id = $2", [
      author.orgId,
      invitation.id,
      author.at,
    ]);
    await recordAudit(tx, {
      ...author,
      action: "invitation.revoked",
      entityId: invitation.id,
      entityName: invitation.email,
      old: { role: invitation.role },
    });
  }
}
