import type { MemberKeys, Role } from "@slotwire/contract";
import { system, type Transaction } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import { revokeInvitationsBeyond } from "../invitations/revoke-invitations-beyond.ts";
import type { KeyDirectory } from "../key-directory.ts";
import { recordAudit } from "../record-audit.ts";
import type { AccessDeps } from "../session-lifetime.ts";
import {
  askerNow,
  authorOf,
  type Caller,
  lockMembers,
  requireAnotherOwner,
  requireKeyManagement,
  requireManagement,
} from "./manage-members.ts";
import { findMember } from "./member-row.ts";
import { settleKeys } from "./settle-keys.ts";

/** Who is removed, and whether the organisation's keys that they made end, too. */
export interface Removal {
  readonly userId: string;
  readonly revokeKeys: boolean;
}

/**
 * Ends somebody's membership, or the caller's own: everybody may leave. The person's sessions here
 * move to another organisation of theirs, or end; their own keys are revoked, and so are the
 * invitations whose links they have seen. Open streams end at once.
 * @returns what became of the keys that they made
 * @throws SlotwireError E_NOT_FOUND when there is no such member
 * @throws SlotwireError E_FORBIDDEN when an owner is removed by anybody else, or somebody who
 *   manages no keys would end the organisation's
 * @throws SlotwireError E_LAST_OWNER when no owner would be left
 */
export async function removeMember(
  { db, clock, keys }: AccessDeps & { readonly keys: Pick<KeyDirectory, "changed"> },
  caller: Caller,
  { userId, revokeKeys }: Removal,
): Promise<MemberKeys> {
  const { principal } = caller;
  const author = { ...authorOf(caller), at: clock.now() };
  const leaves = principal.kind === "user" && principal.id === userId;
  const settled = await db.transaction(system, async (tx) => {
    await lockMembers(tx, author.orgId);
    const asker = await askerNow(tx, caller);
    if (!leaves) requireManagement(asker, []);
    const member = await findMember(tx, author.orgId, userId);
    if (member === null) throw new SlotwireError("E_NOT_FOUND");
    if (!leaves) requireManagement(asker, [member.role]);
    if (revokeKeys) requireKeyManagement(asker);
    if (member.role === "owner") await requireAnotherOwner(tx, author.orgId, userId);
    await tx.query("DELETE FROM membership WHERE org_id = $1 AND user_id = $2", [
      author.orgId,
      userId,
    ]);
    await endSessions(tx, author.orgId, userId);
    const result = await settleKeys(tx, author, { userId, role: null }, { all: revokeKeys });
    await revokeInvitationsBeyond(tx, author, { userId, role: null });
    await forgetIdentities(tx, userId);
    await recordAudit(tx, {
      ...author,
      action: leaves ? "member.left" : "member.removed",
      entityId: userId,
      entityName: member.name,
      old: { role: member.role satisfies Role, email: member.email },
    });
    return result;
  });
  keys.changed();
  return settled;
}

/** Sessions go on where the person belongs longest; with nowhere to go they end. */
async function endSessions(tx: Transaction, orgId: string, userId: string): Promise<void> {
  await tx.query(
    `UPDATE session s SET org_id_active = m.org_id
       FROM (SELECT org_id FROM membership WHERE user_id = $2
              ORDER BY created_at, org_id LIMIT 1) m
      WHERE s.user_id = $2 AND s.org_id_active = $1`,
    [orgId, userId],
  );
  await tx.query("DELETE FROM session WHERE user_id = $2 AND org_id_active = $1", [orgId, userId]);
  await tx.query("DELETE FROM sign_in_link WHERE user_id = $2 AND org_id_active = $1", [
    orgId,
    userId,
  ]);
}

/**
 * Whoever belongs nowhere any more and is invited again may come with a new identity: an e-mail
 * address can pass to somebody else.
 */
async function forgetIdentities(tx: Transaction, userId: string): Promise<void> {
  await tx.query(
    `DELETE FROM user_identity
      WHERE user_id = $1 AND NOT EXISTS (SELECT FROM membership WHERE user_id = $1)`,
    [userId],
  );
}
