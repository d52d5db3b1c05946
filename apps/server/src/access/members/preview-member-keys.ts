import type { MemberKeys, Role } from "@slotwire/contract";
import { system } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import type { AccessDeps } from "../session-lifetime.ts";
import { findMember } from "./member-row.ts";
import { keysBeyond } from "./settle-keys.ts";

/**
 * What would become of a member's keys, if the membership ended or got another role.
 * @param role null for the membership's end
 * @throws SlotwireError E_NOT_FOUND when there is no such member
 */
export async function previewMemberKeys(
  { db }: Pick<AccessDeps, "db">,
  orgId: string,
  { userId, role }: { readonly userId: string; readonly role: Role | null },
): Promise<MemberKeys> {
  return db.transaction(system, async (tx) => {
    const member = await findMember(tx, orgId, userId);
    if (member === null) throw new SlotwireError("E_NOT_FOUND");
    return keysBeyond(tx, orgId, { userId, role });
  });
}
