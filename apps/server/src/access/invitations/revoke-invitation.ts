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
import { findOpenInvitation } from "./find-open-invitation.ts";

/**
 * Takes an invitation back: its link is dead from now on.
 * @throws SlotwireError E_NOT_FOUND when no such invitation is open
 * @throws SlotwireError E_FORBIDDEN when anybody but an owner revokes an owner's
 */
export async function revokeInvitation(
  { db, clock }: AccessDeps,
  caller: Caller,
  id: string,
): Promise<void> {
  const { orgId } = caller.principal;
  const at = clock.now();
  await db.transaction(system, async (tx) => {
    await lockMembers(tx, orgId);
    const asker = await askerNow(tx, caller);
    const open = await findOpenInvitation(tx, orgId, id);
    requireManagement(asker, [open.role]);
    await tx.query("UPDATE invitation SET revoked_at = $3 WHERE org_id = $1 AND id = $2", [
      orgId,
      id,
      at,
    ]);
    await recordAudit(tx, {
      ...authorOf(caller),
      at,
      action: "invitation.revoked",
      entityId: id,
      entityName: open.email,
      old: { role: open.role },
    });
  });
}
