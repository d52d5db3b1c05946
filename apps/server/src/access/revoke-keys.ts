import type { NamedKey } from "@slotwire/contract";
import type { Queryable } from "../db/database.ts";
import { type Author, recordAudit } from "./record-audit.ts";

interface RevokedRow extends NamedKey {
  /** The key that it ended with; null when it was named itself. */
  readonly created_by_key: string | null;
}

/**
 * Revokes keys, and with each the keys that it made, near or far: one line of the audit log each.
 * Makers are revoked before what they made, and each step looks anew: a key that was made until
 * the moment its maker ended is found.
 * @param tx in the scope of the system, behind `lockMembers`: two at once could wait for each other
 * @param ids those that have ended already are left as they are
 * @returns all that ended: those that were named, as they were named, and then what they made
 */
export async function revokeKeys(
  tx: Queryable,
  author: Author & { readonly at: Date },
  ids: readonly string[],
): Promise<NamedKey[]> {
  const named = (await revokeBy(tx, author, "id", ids)).toSorted(
    (a, b) => ids.indexOf(a.id) - ids.indexOf(b.id),
  );
  const revoked: RevokedRow[] = named.map((row) => ({ ...row, created_by_key: null }));
  for (let made = named; made.length > 0;) {
    const makers = made.map(({ id }) => id);
    made = await revokeBy(tx, author, "created_by_key", makers);
    revoked.push(...made);
  }
  for (const row of revoked) await tell(tx, author, row);
  return revoked.map(({ id, name, prefix }) => ({ id, name, prefix }));
}

function revokeBy(
  tx: Queryable,
  { orgId, at }: Author & { readonly at: Date },
  column: "id" | "created_by_key",
  ids: readonly string[],
): Promise<RevokedRow[]> {
  return tx.query<RevokedRow>(
    `UPDATE api_key SET revoked_at = $3
      WHERE org_id = $1 AND ${column} = ANY ($2::uuid[]) AND revoked_at IS NULL
      RETURNING id, name, prefix, created_by_key`,
    [orgId, ids, at],
  );
}

function tell(
  tx: Queryable,
  author: Author & { readonly at: Date },
  { id, name, prefix, created_by_key: maker }: RevokedRow,
): Promise<void> {
  return recordAudit(tx, {
    ...author,
    action: "api_key.revoked",
    entityId: id,
    entityName: name,
    old: { prefix },
    new: maker === null ? null : { revoked_with: maker },
  });
}
