import type { Queryable } from "../db/database.ts";

/**
 * Ends all that an account can be got into by: password, second factor, sessions and links, and the
 * identities at providers unless they are to be kept. For an account that somebody else may have
 * made in its holder's name. Its memberships, and the keys made by it, stay.
 * @param tx in the scope of the system
 */
export async function endWaysIn(
  tx: Queryable,
  userId: string,
  { keepsIdentities = false }: { readonly keepsIdentities?: boolean } = {},
): Promise<void> {
  await tx.query(
    `UPDATE app_user
        SET password_hash = NULL, password_changed_at = NULL,
            totp_sealed = NULL, totp_confirmed_at = NULL, totp_last_step = NULL
      WHERE id = $1`,
    [userId],
  );
  const tables = ["recovery_code", "session", "sign_in_link"];
  if (!keepsIdentities) tables.push("user_identity");
  for (const table of tables) {
    await tx.query(`DELETE FROM ${table} WHERE user_id = $1`, [userId]);
  }
}
