import { randomUUID } from "node:crypto";
import type { Queryable } from "../../db/database.ts";

/** An account that an invitation brings into being. */
export interface NewAccount {
  readonly name: string;
  /** In lower case. */
  readonly email: string;
  /** PHC string; null for whoever signs in by OpenID Connect. */
  readonly passwordHash: string | null;
  readonly at: Date;
}

/**
 * Creates an account, unless somebody was faster with the same address: an account that is there
 * is never changed.
 * @param tx in the scope of the system
 * @returns its id, or null when the address is taken
 */
export async function createAccount(
  tx: Queryable,
  { name, email, passwordHash, at }: NewAccount,
): Promise<string | null> {
  const [created] = await tx.query<{ id: string }>(
    `INSERT INTO app_user (id, name, email, password_hash, password_changed_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
     RETURNING id`,
    [randomUUID(), name, email, passwordHash, passwordHash === null ? null : at, at],
  );
  return created?.id ?? null;
}
