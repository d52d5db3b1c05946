import type { NamedKey } from "@slotwire/contract";
import { system } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import { ENVIRONMENT_KEY_ID } from "./environment-key.ts";
import type { KeyDirectory } from "./key-directory.ts";
import { lockMembers } from "./members/manage-members.ts";
import type { Author } from "./record-audit.ts";
import { revokeKeys } from "./revoke-keys.ts";
import type { AccessDeps } from "./session-lifetime.ts";

/** Which key is revoked: `ownedBy` when it must be one of that person's. */
export interface KeyToRevoke {
  readonly id: string;
  readonly ownedBy: string | null;
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Ends a key for good, and with it those that it made: on this node at once, on others within 5
 * seconds.
 * @returns all that ended, the named one first
 * @throws SlotwireError E_NOT_FOUND when the organisation has no such key, or somebody else's
 * @throws SlotwireError E_ENVIRONMENT for the key of the environment
 */
export async function revokeApiKey(
  deps: AccessDeps & { readonly keys: KeyDirectory },
  author: Author,
  { id, ownedBy }: KeyToRevoke,
): Promise<NamedKey[]> {
  if (id === ENVIRONMENT_KEY_ID && ownedBy === null) throw new SlotwireError("E_ENVIRONMENT");
  if (!uuidPattern.test(id)) throw new SlotwireError("E_NOT_FOUND");
  const revoked = await deps.db.transaction(system, async (tx) => {
    await lockMembers(tx, author.orgId);
    const [key] = await tx.query(
      `SELECT id FROM api_key
        WHERE org_id = $1 AND id = $2 AND revoked_at IS NULL
          AND ($3::uuid IS NULL OR created_by = $3)`,
      [author.orgId, id, ownedBy],
    );
    if (key === undefined) throw new SlotwireError("E_NOT_FOUND");
    return revokeKeys(tx, { ...author, at: deps.clock.now() }, [id]);
  });
  deps.keys.changed();
  return revoked;
}
