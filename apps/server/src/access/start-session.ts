import type { SignedIn } from "@slotwire/contract";
import type { Transaction } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import type { Origin } from "./principal.ts";
import { recordAudit } from "./record-audit.ts";
import { SESSION_ABSOLUTE } from "./session-lifetime.ts";
import { hashSessionToken, newSessionToken } from "./session-token.ts";

/** Who is signed in, where to, and how they proved who they are. */
export interface NewSession {
  readonly userId: string;
  readonly orgId: string;
  readonly method: SignedIn["method"];
  readonly origin: Origin;
  readonly now: Date;
  /** Token of the session that the browser already had: it ends, whosever it was. */
  readonly replaces?: string | null;
}

/** A session that has begun. */
export interface StartedSession {
  /** Stored nowhere: it goes into the browser's cookie. */
  readonly token: string;
  /** When it ends at the latest (UTC). */
  readonly expiresAt: Date;
}

/**
 * Begins a session under a token of its own, and tells the audit log. Every way to sign in ends
 * here; the caller has checked that the user is not disabled.
 * @param tx in the scope of the system
 * @throws SlotwireError E_UNAUTHENTICATED when the user is no member of the organisation any more
 */
export async function startSession(
  tx: Transaction,
  { userId, orgId, method, origin, now, replaces = null }: NewSession,
): Promise<StartedSession> {
  await requireMembership(tx, userId, orgId);
  const { token, hash } = newSessionToken();
  const expiresAt = new Date(now.getTime() + SESSION_ABSOLUTE);
  if (replaces !== null) {
    await tx.query("DELETE FROM session WHERE token_hash = $1", [hashSessionToken(replaces)]);
  }
  const [session] = await tx.query<{ id: string; name: string }>(
    `INSERT INTO session (token_hash, user_id, org_id_active, method, address, user_agent,
                          authenticated_at, created_at, last_seen_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7, $8)
     RETURNING id, (SELECT name FROM app_user WHERE id = user_id) AS name`,
    [hash, userId, orgId, method, origin.address, userAgentOf(origin), now, expiresAt],
  );
  if (session === undefined) throw new Error("the session was not written");
  await recordAudit(tx, {
    orgId,
    at: now,
    actor: { kind: "user", id: userId, name: session.name },
    origin,
    action: "session.signed_in",
    entityId: session.id,
    new: { method },
  });
  return { token, expiresAt };
}

/**
 * Locked until the commit: who is removed in this moment must not get a session that their removal
 * does not see, and that would live again when they come back.
 */
async function requireMembership(tx: Transaction, userId: string, orgId: string): Promise<void> {
  const [membership] = await tx.query(
    "SELECT FROM membership WHERE org_id = $1 AND user_id = $2 FOR KEY SHARE",
    [orgId, userId],
  );
  if (membership === undefined) throw new SlotwireError("E_UNAUTHENTICATED");
}

/** Long enough to recognise a browser by. */
function userAgentOf({ userAgent }: Origin): string | null {
  return userAgent?.slice(0, 300) ?? null;
}
