import type { MemberKeys, NamedKey, Role } from "@slotwire/contract";
import type { Queryable } from "../../db/database.ts";
import { mayMakeKey } from "../can.ts";
import type { Author } from "../record-audit.ts";
import { revokeKeys } from "../revoke-keys.ts";

/** Whose keys are looked at, and which role is left; null after the membership's end. */
export interface KeyOwner {
  readonly userId: string;
  readonly role: Role | null;
}

interface MadeKey extends NamedKey {
  readonly role: "admin" | "developer";
}

/**
 * What becomes of the keys that somebody made, and in that role could not make any more: a
 * developer's own end, the organisation's go on.
 * @param tx in the scope of the system
 */
export async function keysBeyond(
  tx: Queryable,
  orgId: string,
  { userId, role }: KeyOwner,
): Promise<MemberKeys> {
  const made = await tx.query<MadeKey>(
    `SELECT id, name, prefix, role FROM api_key
      WHERE org_id = $1 AND created_by = $2 AND revoked_at IS NULL ORDER BY id DESC`,
    [orgId, userId],
  );
  const beyond = made.filter((key) => role === null || !mayMakeKey(role, key.role));
  const named = (of: MadeKey["role"]): NamedKey[] =>
    beyond.filter((key) => key.role === of).map(({ id, name, prefix }) => ({ id, name, prefix }));
  return { revoked_keys: named("developer"), kept_keys: named("admin") };
}

/**
 * Does that, and ends the organisation's keys besides when `all` is asked for.
 * @param tx behind `lockMembers` and the change of the membership, in the scope of the system
 */
export async function settleKeys(
  tx: Queryable,
  author: Author & { readonly at: Date },
  owner: KeyOwner,
  { all }: { readonly all: boolean },
): Promise<MemberKeys> {
  const { revoked_keys: own, kept_keys: organisations } = await keysBeyond(tx, author.orgId, owner);
  const ends = all ? [...own, ...organisations] : own;
  const revoked = await revokeKeys(
    tx,
    author,
    ends.map(({ id }) => id),
  );
  return { revoked_keys: revoked, kept_keys: all ? [] : organisations };
}
