import type { Transaction } from "../../db/database.ts";

/**
 * Gives an account another e-mail. Links that were mailed to the old one, or to a pending one, stop
 * working.
 * @param tx in the scope of the system, with the account locked
 * @param verifiedAt when it was shown to be theirs; null for a claim
 */
export async function storeEmail(
  tx: Transaction,
  userId: string,
  { email, verifiedAt }: { readonly email: string; readonly verifiedAt: Date | null },
): Promise<void> {
  await tx.query("UPDATE app_user SET email = $2, email_verified_at = $3 WHERE id = $1", [
    userId,
    email,
    verifiedAt,
  ]);
  await tx.query(
    `DELETE FROM sign_in_link
      WHERE user_id = $1 AND purpose IN ('password_reset', 'email_change')`,
    [userId],
  );
}
