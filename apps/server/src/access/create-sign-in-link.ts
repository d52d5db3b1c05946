import { system } from "../db/database.ts";
import { SIGN_IN_LINK_LIFETIME, type AccessDeps } from "./session-lifetime.ts";
import { newSessionToken } from "./session-token.ts";

/**
 * Makes a link that signs its user in once, within one hour.
 * @param user who will be signed in, and in which organisation
 * @returns the link's token, which is stored nowhere, and when it expires (UTC)
 */
export async function createSignInLink(
  { db, clock }: AccessDeps,
  user: { readonly userId: string; readonly orgId: string },
): Promise<{ token: string; expiresAt: Date }> {
  const { token, hash } = newSessionToken();
  const expiresAt = new Date(clock.now().getTime() + SIGN_IN_LINK_LIFETIME);
  await db.transaction(system, async (tx) => {
    await tx.query("DELETE FROM sign_in_link WHERE expires_at < $1", [clock.now()]);
    await tx.query(
      `INSERT INTO sign_in_link (token_hash, user_id, org_id_active, expires_at)
       VALUES ($1, $2, $3, $4)`,
      [hash, user.userId, user.orgId, expiresAt],
    );
  });
  return { token, expiresAt };
}
