import {
  type AuditAction,
  type MemberKeys,
  type Role,
  roles,
  type UpdatedMember,
  type UpdateMember,
} from "@slotwire/contract";
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
import { findMember, type MemberRow, toMember } from "./member-row.ts";
import { settleKeys } from "./settle-keys.ts";

/**
 * Changes what a member may do and see. It counts from the member's next request on. With another
 * role a developer's own keys may end; the organisation's keys that the member made and could not
 * make any more end when that is asked for.
 * @returns the member, and what became of those keys
 * @throws SlotwireError E_NOT_FOUND when there is no such member
 * @throws SlotwireError E_VALIDATION when nothing is to be changed
 * @throws SlotwireError E_FORBIDDEN when an owner is touched or made by anybody else, or somebody
 *   would raise their own role
 * @throws SlotwireError E_LAST_OWNER when no owner would be left
 */
export async function updateMember(
  { db, clock, keys }: AccessDeps & { readonly keys: Pick<KeyDirectory, "changed"> },
  caller: Caller,
  userId: string,
  changes: UpdateMember,
): Promise<UpdatedMember> {
  const { orgId } = caller.principal;
  if (Object.values(changes).every((value) => value === undefined)) {
    throw new SlotwireError("E_VALIDATION", {
      errors: [{ path: "body", message: "Name at least one field to change." }],
    });
  }
  const updated = await db.transaction(system, async (tx) => {
    await lockMembers(tx, orgId);
    const asker = await askerNow(tx, caller);
    requireManagement(asker, []);
    const before = await findMember(tx, orgId, userId);
    if (before === null) throw new SlotwireError("E_NOT_FOUND");
    const role = changes.role ?? before.role;
    requireManagement(asker, [before.role, role]);
    if (userId === caller.principal.id) refuseOwnRise(before.role, role);
    if (before.role === "owner" && role !== "owner") await requireAnotherOwner(tx, orgId, userId);
    const after = await write(tx, orgId, before, changes);
    const author = { ...authorOf(caller), at: clock.now() };
    const all = changes.revoke_keys ?? false;
    if (all) requireKeyManagement(asker);
    const isSettled = role !== before.role || all;
    const settled = isSettled ? await settleKeys(tx, author, { userId, role }, { all }) : noKeys;
    if (role !== before.role) await revokeInvitationsBeyond(tx, author, { userId, role });
    const subject = { ...author, entityId: userId, entityName: before.name };
    for (const change of describe(before, after)) await recordAudit(tx, { ...subject, ...change });
    return { ...toMember(after), ...settled };
  });
  keys.changed();
  return updated;
}

const noKeys: MemberKeys = { revoked_keys: [], kept_keys: [] };

/** The roles stand in order, the highest first. */
function refuseOwnRise(from: Role, to: Role): void {
  if (roles.indexOf(to) >= roles.indexOf(from)) return;
  throw new SlotwireError("E_FORBIDDEN", { detail: "Nobody raises their own role." });
}

async function write(
  tx: Transaction,
  orgId: string,
  before: MemberRow,
  { role, provider_email, hide_contacts }: UpdateMember,
): Promise<MemberRow> {
  const after: MemberRow = {
    ...before,
    ...(role === undefined ? {} : { role }),
    ...(provider_email === undefined ? {} : { provider_email }),
    ...(hide_contacts === undefined ? {} : { hide_contacts }),
  };
  await tx.query(
    `UPDATE membership SET role = $3, provider_email = $4, hide_contacts = $5
      WHERE org_id = $1 AND user_id = $2`,
    [orgId, before.user_id, after.role, after.provider_email, after.hide_contacts],
  );
  return after;
}

type Values = Readonly<Record<string, unknown>>;
interface Change {
  readonly action: AuditAction;
  readonly old: Values;
  readonly new: Values;
}

/** A line for the role, and one for what a staff member sees; none for what stays as it was. */
function describe(before: MemberRow, after: MemberRow): Change[] {
  const views = ({ provider_email, hide_contacts }: MemberRow): Values => ({
    provider_email,
    hide_contacts,
  });
  const changes: Change[] = [
    { action: "member.role_changed", old: { role: before.role }, new: { role: after.role } },
    { action: "member.updated", old: views(before), new: views(after) },
  ];
  return changes.filter((change) => JSON.stringify(change.old) !== JSON.stringify(change.new));
}
