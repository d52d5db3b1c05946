import type { Transaction } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import { newSessionToken } from "./session-token.ts";
import type { StartedSession } from "./start-session.ts";

/**
 * Gives a session a new token and ends all others of its user: after the password or the second
 * factor has changed, nobody who knew an old token is in.
 * @param tx in the scope of the system
 * @throws SlotwireError E_UNAUTHENTICATED when the session has ended meanwhile
 */
export async function rotateSession(
  tx: Transaction,
  { userId, sessionId, now }: { userId: string; sessionId: string; now: Date },
): Promise<StartedSession> {
  const { token, hash } = newSessionToken();
  const [session] = await tx.query<{ expires_at: Date }>(
    `UPDATE session SET token_hash = $3, authenticated_at = $4
      WHERE id = $2 AND user_id = $1 RETURNING expires_at`,
    [userId, sessionId, hash, now],
  );
  if (session === undefined) throw new SlotwireError("E_UNAUTHENTICATED");
  await tx.query("DELETE FROM session WHERE user_id = $1 AND id <> $2", [userId, sessionId]);
  return { token, expiresAt: session.expires_at };
}
