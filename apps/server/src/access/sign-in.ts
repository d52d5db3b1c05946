import { system } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import { SESSION_ABSOLUTE, type AccessDeps } from "./session-lifetime.ts";
import { hashSessionToken, newSessionToken } from "./session-token.ts";

interface LinkRow {
  user_id: string;
  org_id_active: string;
  expires_at: Date;
}

/**
 * Exchanges a one-time link's token for a session. Deleting the row is what burns the link, so
 * of several simultaneous uses exactly one succeeds.
 * @returns the session's token, which is stored nowhere, and when the session ends at the latest
 * @throws SlotwireError E_LINK_INVALID when the link is unknown, used up or expired
 */
export async function signIn(
  { db, clock }: AccessDeps,
  linkToken: string,
): Promise<{ token: string; expiresAt: Date }> {
  const now = clock.now();
  const session = newSessionToken();
  const expiresAt = new Date(now.getTime() + SESSION_ABSOLUTE);
  const signedIn = await db.transaction(system, async (tx) => {
    const [link] = await tx.query<LinkRow>(
      `DELETE FROM sign_in_link WHERE token_hash = $1
       RETURNING user_id, org_id_active, expires_at`,
      [hashSessionToken(linkToken)],
    );
    if (link === undefined || link.expires_at <= now) return false;
    await tx.query("DELETE FROM session WHERE user_id = $1 AND expires_at < $2", [
      link.user_id,
      now,
    ]);
    await tx.query(
      `INSERT INTO session (token_hash, user_id, org_id_active, created_at, last_seen_at, expires_at)
       VALUES ($1, $2, $3, $4, $4, $5)`,
      [session.hash, link.user_id, link.org_id_active, now, expiresAt],
    );
    return true;
  });
  if (!signedIn) throw new SlotwireError("E_LINK_INVALID");
  return { token: session.token, expiresAt };
}
