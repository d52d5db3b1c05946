import { system } from "../db/database.ts";
import { SIGN_IN_LINK_LIFETIME, type AccessDeps } from "./session-lifetime.ts";
import { newSessionToken } from "./session-token.ts";

/** What a one-time link is for. */
export type LinkPurpose = "sign_in" | "setup" | "password_reset";

/**
 * Makes a link that works once, within one hour.
 * @param user whose it is, and the organisation that it leads to
 * @param purpose `sign_in` and `setup` sign in, `setup` until the user has a password; `password_reset`
 *   only sets a password
 * @param mailedTo the address, in lower case, that alone is given the link; null when whoever runs
 *   the hub gets it
 * @returns the link's token, which is stored nowhere, and when it expires (UTC)
 */
export async function createSignInLink(
  { db, clock }: AccessDeps,
  user: { readonly userId: string; readonly orgId: string },
  purpose: LinkPurpose = "sign_in",
  mailedTo: string | null = null,
): Promise<{ token: string; expiresAt: Date }> {
  const { token, hash } = newSessionToken();
  const expiresAt = new Date(clock.now().getTime() + SIGN_IN_LINK_LIFETIME);
  await db.transaction(system, async (tx) => {
    await tx.query("DELETE FROM sign_in_link WHERE expires_at < $1", [clock.now()]);
    await tx.query(
      `INSERT INTO sign_in_link (token_hash, user_id, org_id_active, purpose, expires_at, mailed_to)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [hash, user.userId, user.orgId, purpose, expiresAt, mailedTo],
    );
  });
  return { token, expiresAt };
}
