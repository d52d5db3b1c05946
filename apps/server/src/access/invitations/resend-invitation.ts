import { system } from "../../db/database.ts";
import {
  askerNow,
  authorOf,
  type Caller,
  lockMembers,
  requireManagement,
} from "../members/manage-members.ts";
import { recordAudit } from "../record-audit.ts";
import type { AccessDeps } from "../session-lifetime.ts";
import { newSessionToken } from "../session-token.ts";
import { organisationName } from "./create-invitation.ts";
import { findOpenInvitation } from "./find-open-invitation.ts";
import { requireInvitationsLeft } from "./require-invitations-left.ts";
import { INVITATION_LIFETIME, type SentInvitation, toInvitation } from "./invitation-row.ts";

/**
 * Gives an invitation a new link and another seven days; the old link is dead from now on.
 * Whoever sends it again answers for it: they see the link.
 * @throws SlotwireError E_NOT_FOUND when no such invitation is open
 * @throws SlotwireError E_RATE_LIMITED when the organisation has sent too many in the last hour
 * @throws SlotwireError E_FORBIDDEN when anybody but an owner sends an owner's
 */
export async function resendInvitation(
  { db, clock }: AccessDeps,
  caller: Caller,
  id: string,
): Promise<SentInvitation> {
  const { principal } = caller;
  const at = clock.now();
  return db.transaction(system, async (tx) => {
    await lockMembers(tx, principal.orgId);
    const asker = await askerNow(tx, caller);
    const open = await findOpenInvitation(tx, principal.orgId, id);
    requireManagement(asker, [open.role]);
    await requireInvitationsLeft(tx, principal.orgId, at);
    const { token, hash } = newSessionToken();
    const mailed = newSessionToken();
    const expiresAt = new Date(at.getTime() + INVITATION_LIFETIME);
    const sender = principal.kind === "user" ? principal : null;
    await tx.query(
      `UPDATE invitation SET token_hash = $3, mailed_hash = $6, expires_at = $4, invited_by = $5
        WHERE org_id = $1 AND id = $2`,
      [principal.orgId, id, hash, expiresAt, sender?.id ?? null, mailed.hash],
    );
    await recordAudit(tx, {
      ...authorOf(caller),
      at,
      action: "invitation.resent",
      entityId: id,
      entityName: open.email,
      old: { expires_at: open.expires_at },
      new: { expires_at: expiresAt },
    });
    const sent = { ...open, expires_at: expiresAt, invited_by: sender?.name ?? null };
    return {
      invitation: toInvitation(sent),
      token,
      mailedToken: mailed.token,
      organisation: await organisationName(tx, principal.orgId),
    };
  });
}
