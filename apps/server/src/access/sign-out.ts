import { system } from "../db/database.ts";
import type { Origin } from "./principal.ts";
import { recordAudit } from "./record-audit.ts";
import type { AccessDeps } from "./session-lifetime.ts";
import { hashSessionToken } from "./session-token.ts";

interface EndedSession {
  id: string;
  user_id: string;
  name: string;
  org_id: string;
  expires_at: Date;
}

/**
 * Ends the session of `token`, and tells the audit log; does nothing when there is none.
 * @param origin of the request that signs out
 */
export async function signOut(
  { db, clock }: AccessDeps,
  token: string,
  origin: Origin,
): Promise<void> {
  await db.transaction(system, async (tx) => {
    const [ended] = await tx.query<EndedSession>(
      `DELETE FROM session s USING app_user u
        WHERE s.token_hash = $1 AND u.id = s.user_id
        RETURNING s.id, s.user_id, u.name, s.org_id_active AS org_id, s.expires_at`,
      [hashSessionToken(token)],
    );
    const now = clock.now();
    // Whose time was over was signed out already.
    if (ended === undefined || ended.expires_at <= now) return;
    await recordAudit(tx, {
      orgId: ended.org_id,
      at: now,
      actor: { kind: "user", id: ended.user_id, name: ended.name },
      origin,
      action: "session.signed_out",
      entityId: ended.id,
    });
  });
}
