import { randomUUID } from "node:crypto";
import type { Queryable } from "../../db/database.ts";
import { endWaysIn } from "../end-ways-in.ts";

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

/**
 * Gives an account that nobody can get into any more to whoever is invited as it, as if it were new:
 * it belongs nowhere, and either has neither a password nor an identity at a provider, or never had
 * its address proven, so that anybody may have made it. What is left of its holder before ends.
 * @param tx in the scope of the system
 * @returns its id, or null when there is none like that
 */
export async function adoptAccount(
  tx: Queryable,
  { name, email, passwordHash, at }: NewAccount,
): Promise<string | null> {
  const [adopted] = await tx.query<{ id: string }>(
    `UPDATE app_user u
        SET name = $2, email_verified_at = NULL
      WHERE lower(u.email) = $1 AND u.disabled_at IS NULL
        AND NOT EXISTS (SELECT FROM membership m WHERE m.user_id = u.id)
        AND (u.email_verified_at IS NULL
             OR (u.password_hash IS NULL
                 AND NOT EXISTS (SELECT FROM user_identity i WHERE i.user_id = u.id)))
     RETURNING u.id`,
    [email, name],
  );
  if (adopted === undefined) return null;
  await endWaysIn(tx, adopted.id);
  await tx.query("UPDATE app_user SET password_hash = $2, password_changed_at = $3 WHERE id = $1", [
    adopted.id,
    passwordHash,
    at,
  ]);
  return adopted.id;
}
