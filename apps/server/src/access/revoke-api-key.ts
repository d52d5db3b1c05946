import { tenant } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import { ENVIRONMENT_KEY_ID } from "./environment-key.ts";
import type { KeyDirectory } from "./key-directory.ts";
import { type Author, recordAudit } from "./record-audit.ts";
import type { AccessDeps } from "./session-lifetime.ts";

/** Which key is revoked: `ownedBy` when it must be one of that person's. */
export interface KeyToRevoke {
  readonly id: string;
  readonly ownedBy: string | null;
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Ends a key for good: on this node at once, on others within 5 seconds.
 * @throws SlotwireError E_NOT_FOUND when the organisation has no such key, or somebody else's
 * @throws SlotwireError E_ENVIRONMENT for the key of the environment
 */
export async function revokeApiKey(
  deps: AccessDeps & { readonly keys: KeyDirectory },
  author: Author,
  { id, ownedBy }: KeyToRevoke,
): Promise<void> {
  if (id === ENVIRONMENT_KEY_ID && ownedBy === null) throw new SlotwireError("E_ENVIRONMENT");
  if (!uuidPattern.test(id)) throw new SlotwireError("E_NOT_FOUND");
  const now = deps.clock.now();
  await deps.db.transaction(tenant(author.orgId), async (tx) => {
    const [revoked] = await tx.query<{ name: string; prefix: string }>(
      `UPDATE api_key SET revoked_at = $3
        WHERE org_id = $1 AND id = $2 AND revoked_at IS NULL
          AND ($4::uuid IS NULL OR created_by = $4)
        RETURNING name, prefix`,
      [author.orgId, id, now, ownedBy],
    );
    if (revoked === undefined) throw new SlotwireError("E_NOT_FOUND");
    await recordAudit(tx, {
      ...author,
      at: now,
      action: "api_key.revoked",
      entityId: id,
      entityName: revoked.name,
      old: { prefix: revoked.prefix },
    });
  });
  deps.keys.changed();
}
