import { system } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import type { Origin } from "./principal.ts";
import { noOrigin } from "./record-audit.ts";
import type { AccessDeps } from "./session-lifetime.ts";
import { hashSessionToken } from "./session-token.ts";
import { type StartedSession, startSession } from "./start-session.ts";

interface LinkRow {
  user_id: string;
  org_id_active: string;
  expires_at: Date;
}

/**
 * Exchanges a one-time link's token for a session. Deleting the row is what burns the link, so
 * of several simultaneous uses exactly one succeeds. Such links are made by whoever runs the hub,
 * so they ask for no second factor; a link that was mailed to choose a new password is none.
 * @param from the browser, and the session's token that it had before
 * @throws SlotwireError E_LINK_INVALID when the link is unknown, used up or expired, or its user
 *   is disabled or no longer a member
 */
export async function signIn(
  { db, clock }: AccessDeps,
  linkToken: string,
  from: { readonly origin: Origin; readonly replaces: string | null } = {
    origin: noOrigin,
    replaces: null,
  },
): Promise<StartedSession> {
  const now = clock.now();
  const session = await db.transaction(system, async (tx) => {
    const [link] = await tx.query<LinkRow>(
      `DELETE FROM sign_in_link l
        WHERE token_hash = $1 AND purpose IN ('sign_in', 'setup')
          AND EXISTS (SELECT FROM membership m JOIN app_user u ON u.id = m.user_id
                       WHERE m.user_id = l.user_id AND m.org_id = l.org_id_active
                         AND u.disabled_at IS NULL)
       RETURNING user_id, org_id_active, expires_at`,
      [hashSessionToken(linkToken)],
    );
    if (link === undefined || link.expires_at <= now) return null;
    await tx.query("DELETE FROM session WHERE user_id = $1 AND expires_at < $2", [
      link.user_id,
      now,
    ]);
    const { user_id: userId, org_id_active: orgId } = link;
    return startSession(tx, { ...from, userId, orgId, method: "link", now });
  });
  if (session === null) throw new SlotwireError("E_LINK_INVALID");
  return session;
}
